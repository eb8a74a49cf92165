mod acs_systems;
