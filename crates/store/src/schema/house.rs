//! Workspaces, who acts in them, the hotels with their doors and encoders, and what is told of them.

diesel::table! {
    workspaces (id) {
        id -> Text,
        name -> Text,
        is_sandbox -> Bool,
        created_at -> BigInt,
        connect_partner_name -> Nullable<Text>,
        connect_webview_customization -> Text,
        organization_id -> Nullable<Text>,
        is_suspended -> Bool,
        is_publishable_key_auth_enabled -> Bool,
        publishable_key -> Nullable<Text>,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Text,
        workspace_id -> Text,
        name -> Text,
        short_token -> Text,
        long_token_sha256 -> Text,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    personal_access_tokens (id) {
        id -> Text,
        owner -> Text,
        name -> Text,
        short_token -> Text,
        long_token_sha256 -> Text,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    memberships (owner, workspace_id) {
        owner -> Text,
        workspace_id -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    client_sessions (id) {
        id -> Text,
        workspace_id -> Text,
        short_token -> Text,
        long_token_sha256 -> Text,
        sealed_token -> Text,
        user_identifier_key -> Nullable<Text>,
        user_identity_id -> Nullable<Text>,
        customer_key -> Nullable<Text>,
        is_read_only -> Bool,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    client_session_grants (client_session_id, kind, subject_id) {
        client_session_id -> Text,
        kind -> Text,
        subject_id -> Text,
    }
}

diesel::table! {
    connected_accounts (id) {
        id -> Text,
        workspace_id -> Text,
        account_type -> Text,
        display_name -> Text,
        created_at -> BigInt,
        customer_key -> Nullable<Text>,
        automatically_manage_new_devices -> Bool,
        accepted_capabilities -> Text,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    acs_systems (id) {
        id -> Text,
        workspace_id -> Text,
        connected_account_id -> Text,
        kind -> Text,
        name -> Text,
        time_zone -> Nullable<Text>,
        default_credential_manager_id -> Nullable<Text>,
        lan_address -> Nullable<Text>,
        mobile_access_uuid -> Nullable<Text>,
        system_id -> Nullable<Text>,
        settings -> Text,
        last_opening -> BigInt,
        errors -> Text,
        warnings -> Text,
        created_at -> BigInt,
        sync_asked_at -> Nullable<BigInt>,
        is_disconnected -> Bool,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    entrances (id) {
        id -> Text,
        workspace_id -> Text,
        acs_system_id -> Text,
        door_name -> Text,
        door_category -> Text,
        room_order -> Integer,
        profiles -> Text,
        created_at -> BigInt,
        removed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    user_identities (id) {
        id -> Text,
        workspace_id -> Text,
        user_identity_key -> Nullable<Text>,
        email_address -> Nullable<Text>,
        phone_number -> Nullable<Text>,
        full_name -> Nullable<Text>,
        created_at -> BigInt,
        deleting_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    merged_user_identities (id) {
        id -> Text,
        workspace_id -> Text,
        into_id -> Text,
        user_identity_key -> Nullable<Text>,
        merged_at -> BigInt,
    }
}

diesel::table! {
    enrollment_automations (id) {
        id -> Text,
        workspace_id -> Text,
        user_identity_id -> Text,
        credential_manager_id -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    acs_users (id) {
        id -> Text,
        workspace_id -> Text,
        acs_system_id -> Text,
        user_identity_id -> Nullable<Text>,
        full_name -> Nullable<Text>,
        email_address -> Nullable<Text>,
        phone_number -> Nullable<Text>,
        access_starts_at -> Nullable<BigInt>,
        access_ends_at -> Nullable<BigInt>,
        is_suspended -> Bool,
        created_at -> BigInt,
        deleting_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    standing_grants (acs_user_id, entrance_id) {
        acs_user_id -> Text,
        entrance_id -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    phones (id) {
        id -> Text,
        workspace_id -> Text,
        user_identity_id -> Text,
        device_type -> Text,
        display_name -> Text,
        detail -> Text,
        created_at -> BigInt,
        deactivated_at -> Nullable<BigInt>,
        nickname -> Nullable<Text>,
    }
}

diesel::table! {
    endpoints (id) {
        id -> Text,
        workspace_id -> Text,
        phone_id -> Text,
        credential_manager_id -> Text,
        is_active -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    events (id) {
        id -> Text,
        workspace_id -> Text,
        event_type -> Text,
        occurred_at -> BigInt,
        connected_account_id -> Nullable<Text>,
        acs_system_id -> Nullable<Text>,
        acs_user_id -> Nullable<Text>,
        acs_credential_id -> Nullable<Text>,
        acs_entrance_id -> Nullable<Text>,
        acs_encoder_id -> Nullable<Text>,
        user_identity_id -> Nullable<Text>,
        device_id -> Nullable<Text>,
        detail -> Text,
        customer_key -> Nullable<Text>,
        connect_webview_id -> Nullable<Text>,
        client_session_id -> Nullable<Text>,
        enrollment_automation_id -> Nullable<Text>,
        action_attempt_id -> Nullable<Text>,
        access_grant_id -> Nullable<Text>,
        access_method_id -> Nullable<Text>,
        space_id -> Nullable<Text>,
    }
}

diesel::table! {
    action_attempts (id) {
        id -> Text,
        workspace_id -> Text,
        action_type -> Text,
        status -> Text,
        result -> Nullable<Text>,
        error -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    audit (id) {
        id -> Text,
        workspace_id -> Text,
        at -> BigInt,
        actor -> Text,
        action -> Text,
        subject_id -> Text,
        detail -> Text,
        route -> Nullable<Text>,
        request_id -> Nullable<Text>,
        sequence -> Nullable<BigInt>,
        hash -> Nullable<Text>,
    }
}

diesel::table! {
    audit_heads (workspace_id) {
        workspace_id -> Text,
        sequence -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    idempotency_keys (id) {
        id -> Text,
        workspace_id -> Text,
        request_hash -> Text,
        request_id -> Text,
        changed -> Text,
        expires_at -> BigInt,
        status -> Nullable<Integer>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    leases (acs_system_id) {
        acs_system_id -> Text,
        holder -> Text,
        epoch -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    encoders (id) {
        id -> Text,
        workspace_id -> Text,
        acs_system_id -> Text,
        native_id -> Text,
        name -> Text,
        created_at -> BigInt,
        removed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    encoder_jobs (id) {
        id -> Text,
        workspace_id -> Text,
        acs_system_id -> Text,
        encoder_id -> Text,
        task -> Text,
        credential_id -> Nullable<Text>,
        acs_user_id -> Nullable<Text>,
        carrier_id -> Nullable<Text>,
        simulated -> Nullable<Text>,
        stage -> Text,
        created_at -> BigInt,
        begun_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    encoder_simulations (encoder_id, family) {
        encoder_id -> Text,
        family -> Text,
        credential_id -> Nullable<Text>,
        outcome -> Text,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Text,
        workspace_id -> Text,
        url -> Text,
        event_types -> Text,
        sealed_secret -> Text,
        created_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    webhook_claims (webhook_id) {
        webhook_id -> Text,
        holder -> Text,
        claimed_until -> BigInt,
        failing_since -> Nullable<BigInt>,
    }
}

diesel::table! {
    webhook_messages (id) {
        id -> Text,
        workspace_id -> Text,
        webhook_id -> Text,
        event_id -> Text,
        event_type -> Text,
        status -> Text,
        failures -> Integer,
        created_at -> BigInt,
        due_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    webhook_attempts (id) {
        id -> Text,
        workspace_id -> Text,
        webhook_id -> Text,
        message_id -> Text,
        event_id -> Text,
        event_type -> Text,
        is_delivered -> Bool,
        response_status -> Nullable<Integer>,
        problem -> Nullable<Text>,
        duration_ms -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    connect_webviews (id) {
        id -> Text,
        workspace_id -> Text,
        sealed_token -> Text,
        status -> Text,
        accepted_providers -> Text,
        options -> Text,
        custom_redirect_url -> Nullable<Text>,
        custom_redirect_failure_url -> Nullable<Text>,
        customer_key -> Nullable<Text>,
        selected_provider -> Nullable<Text>,
        connected_account_id -> Nullable<Text>,
        failure -> Nullable<Text>,
        tries -> Integer,
        created_at -> BigInt,
        authorized_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    connections (acs_system_id) {
        acs_system_id -> Text,
        address -> Text,
        username -> Text,
        sealed_password -> Text,
        trust -> Text,
        uses_encoders -> Bool,
        revision -> BigInt,
        connected_at -> BigInt,
    }
}

diesel::table! {
    custom_metadata (subject_id, name) {
        subject_id -> Text,
        name -> Text,
        value -> Text,
    }
}
