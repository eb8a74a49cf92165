pub mod credentials;
mod encoders;
mod entrances;
mod none_of_it;
mod systems;
mod users;
