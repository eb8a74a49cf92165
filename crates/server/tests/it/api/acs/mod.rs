pub mod credentials;
mod encoders;
mod entrances;
mod systems;
mod users;
