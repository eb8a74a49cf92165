//! Credentials, stays and carriers, and what makes them: grants, spaces, links, pushed records.

diesel::table! {
    credentials (id) {
        id -> Text,
        workspace_id -> Text,
        acs_system_id -> Text,
        acs_user_id -> Nullable<Text>,
        parent_id -> Nullable<Text>,
        endpoint_id -> Nullable<Text>,
        credential_manager_id -> Nullable<Text>,
        access_method -> Text,
        is_multi_phone -> Bool,
        starts_at -> BigInt,
        ends_at -> BigInt,
        schedule_modified -> Bool,
        card_format -> Text,
        label -> Nullable<Text>,
        mode -> Text,
        joiner_ids -> Text,
        auto_join -> Nullable<Bool>,
        revision -> Integer,
        issued_at -> Nullable<BigInt>,
        invalidated_at -> Nullable<BigInt>,
        needs_reissue_at -> Nullable<BigInt>,
        refused -> Nullable<Text>,
        replaced_by -> Nullable<Text>,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        deleting_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    stays (id) {
        id -> Text,
        acs_system_id -> Text,
        starts_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    tenancies (stay_id, entrance_id) {
        stay_id -> Text,
        entrance_id -> Text,
        rank_starts_at -> BigInt,
        rank_created_at -> BigInt,
        starts_at -> BigInt,
        ends_at -> BigInt,
        opening -> Nullable<BigInt>,
        lost_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    credential_doors (credential_id, entrance_id) {
        credential_id -> Text,
        entrance_id -> Text,
        position -> Integer,
        stay_id -> Nullable<Text>,
    }
}

diesel::table! {
    carriers (id) {
        id -> Text,
        acs_system_id -> Text,
        credential_id -> Text,
        revision -> Integer,
        stage -> Text,
        method -> Text,
        request -> Text,
        starts_at -> BigInt,
        ends_at -> BigInt,
        card_id -> Nullable<Text>,
        native_credential_id -> Nullable<Text>,
        attempts -> Integer,
        due_at -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        confirmed_at -> Nullable<BigInt>,
        delivered_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        settles_at -> Nullable<BigInt>,
        externally_modified_at -> Nullable<BigInt>,
        serial_number -> Nullable<Text>,
    }
}

diesel::table! {
    carrier_doors (carrier_id, entrance_id) {
        carrier_id -> Text,
        entrance_id -> Text,
        stay_id -> Text,
        opening -> BigInt,
    }
}

diesel::table! {
    tasks (id) {
        id -> Text,
        acs_system_id -> Text,
        credential_id -> Text,
        due_at -> BigInt,
    }
}

diesel::table! {
    spaces (id) {
        id -> Text,
        workspace_id -> Text,
        space_key -> Nullable<Text>,
        name -> Text,
        customer_key -> Nullable<Text>,
        parent_id -> Nullable<Text>,
        customer_data -> Text,
        created_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    space_entrances (space_id, entrance_id) {
        space_id -> Text,
        entrance_id -> Text,
    }
}

diesel::table! {
    space_devices (space_id, device_id) {
        space_id -> Text,
        device_id -> Text,
    }
}

diesel::table! {
    space_connected_accounts (space_id, connected_account_id) {
        space_id -> Text,
        connected_account_id -> Text,
    }
}

diesel::table! {
    instant_keys (id) {
        id -> Text,
        workspace_id -> Text,
        user_identity_id -> Text,
        client_session_id -> Text,
        code_sha256 -> Text,
        sealed_code -> Text,
        customization_profile_id -> Nullable<Text>,
        max_use_count -> Integer,
        created_at -> BigInt,
        expires_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    instant_key_uses (instant_key_id, browser_sha256) {
        instant_key_id -> Text,
        browser_sha256 -> Text,
        used_at -> BigInt,
    }
}

diesel::table! {
    access_grants (id) {
        id -> Text,
        workspace_id -> Text,
        user_identity_id -> Text,
        access_grant_key -> Nullable<Text>,
        reservation_key -> Nullable<Text>,
        customer_key -> Nullable<Text>,
        name -> Nullable<Text>,
        starts_at -> BigInt,
        ends_at -> Nullable<BigInt>,
        customization_profile_id -> Nullable<Text>,
        requested -> Text,
        times_changed -> Nullable<Text>,
        complete_at -> Nullable<BigInt>,
        created_at -> BigInt,
        deleting_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    access_grant_doors (access_grant_id, entrance_id) {
        access_grant_id -> Text,
        entrance_id -> Text,
        position -> Integer,
        granted_at -> Nullable<BigInt>,
        lost_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    access_grant_spaces (access_grant_id, space_id) {
        access_grant_id -> Text,
        space_id -> Text,
    }
}

diesel::table! {
    access_methods (id) {
        id -> Text,
        workspace_id -> Text,
        access_grant_id -> Text,
        mode -> Text,
        instant_key_max_use_count -> Nullable<Integer>,
        instant_key_id -> Nullable<Text>,
        asked_at -> BigInt,
        first_issued_at -> Nullable<BigInt>,
        issued_at -> Nullable<BigInt>,
        encoding_asked_at -> Nullable<BigInt>,
        delayed_at -> Nullable<BigInt>,
        failed_at -> Nullable<BigInt>,
        created_at -> BigInt,
        deleting_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    access_method_credentials (credential_id) {
        credential_id -> Text,
        access_method_id -> Text,
    }
}

diesel::table! {
    customer_records (workspace_id, kind, record_key) {
        workspace_id -> Text,
        kind -> Text,
        record_key -> Text,
        customer_key -> Text,
        content -> Text,
        subject_id -> Nullable<Text>,
        problem -> Nullable<Text>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    customer_record_places (workspace_id, kind, record_key, space_key) {
        workspace_id -> Text,
        kind -> Text,
        record_key -> Text,
        space_key -> Text,
    }
}

diesel::table! {
    customer_grants (access_grant_id) {
        access_grant_id -> Text,
        workspace_id -> Text,
        kind -> Text,
        record_key -> Text,
        user_identity_id -> Text,
    }
}
