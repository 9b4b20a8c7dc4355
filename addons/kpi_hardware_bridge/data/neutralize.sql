-- A copy of the database hears no device: the real ones keep their presses for the original.
UPDATE kpi_console
SET
    revoked = TRUE,
    key = NULL,
    next_key = NULL,
    key_nonce = NULL,
    web_token = NULL;

UPDATE kpi_iot_box
SET
    revoked = TRUE,
    key = NULL,
    next_key = NULL,
    key_nonce = NULL,
    token = NULL,
    token_digest = NULL,
    channel = NULL,
    command_ref = NULL,
    command_state = NULL;
