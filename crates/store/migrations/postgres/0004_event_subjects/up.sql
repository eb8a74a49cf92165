-- What else an event can be about; `/events/list` searches by each (spec/api.md 2.12).
ALTER TABLE events ADD COLUMN customer_key TEXT;
ALTER TABLE events ADD COLUMN connect_webview_id TEXT;
ALTER TABLE events ADD COLUMN client_session_id TEXT;
ALTER TABLE events ADD COLUMN enrollment_automation_id TEXT;
ALTER TABLE events ADD COLUMN action_attempt_id TEXT;
ALTER TABLE events ADD COLUMN access_grant_id TEXT;
ALTER TABLE events ADD COLUMN access_method_id TEXT;
ALTER TABLE events ADD COLUMN space_id TEXT;
