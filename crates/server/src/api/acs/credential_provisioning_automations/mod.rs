//! `/acs/credential_provisioning_automations`: the older name of enrolment automations (`spec/api.md 2.8`).

pub mod launch;
