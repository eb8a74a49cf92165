mod create_sandbox_phone;
