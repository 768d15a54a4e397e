-- The role that the application connects as: it reads and writes, but it neither changes the ledgers nor creates tables.
-- Run after every migration. Where the owner of the database may not create roles, nothing is done.
do $$
declare
    ledger text;
begin
    if not exists (select from pg_roles where rolname = 'spm_app') then
        begin
            create role spm_app nologin;
        exception when duplicate_object or unique_violation then
            null;  -- roles belong to the whole server: another database's migration made it this very moment
        end;
    end if;
    begin
        set local role spm_app;
        reset role;
    exception when insufficient_privilege then
        grant spm_app to current_user;
    end;
    execute format('grant usage on schema %I to spm_app', current_schema());
    execute format('grant select, insert, update, delete on all tables in schema %I to spm_app', current_schema());
    execute format('grant usage on all sequences in schema %I to spm_app', current_schema());
    for ledger in
        select tgrelid::regclass::text from pg_trigger where tgname like '%\_append\_only' and not tgisinternal
    loop
        execute format('revoke update, delete on %s from spm_app', ledger);
    end loop;
    revoke insert, update, delete on alembic_version, oversight, credited_deal from spm_app;
exception when insufficient_privilege then
    null;
end $$;
