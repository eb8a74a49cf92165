mod acs_systems;
mod webhook_attempts;
