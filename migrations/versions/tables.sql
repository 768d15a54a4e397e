-- Every table of the first release.

create table account (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    external_id TEXT,
    name TEXT NOT NULL,
    industry TEXT,
    country TEXT,
    parent_id BIGINT,
    CONSTRAINT account_pkey PRIMARY KEY (id),
    CONSTRAINT account_not_its_own_parent_check CHECK (parent_id <> id),
    CONSTRAINT account_external_id_key UNIQUE (external_id),
    CONSTRAINT account_parent_id_fkey FOREIGN KEY(parent_id) REFERENCES account (id)
);
create INDEX account_name_id_idx ON account (name, id);
create INDEX account_parent_id_idx ON account (parent_id);
create INDEX account_words_idx ON account USING gin (words_of(name));

create table audit (
    position BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    noun TEXT NOT NULL,
    row_id TEXT NOT NULL,
    before JSONB,
    after JSONB,
    CONSTRAINT audit_pkey PRIMARY KEY (position, ordinal)
);
create INDEX audit_noun_row_id_idx ON audit (noun, row_id);

create table clock (
    "only" BOOLEAN DEFAULT 'true' NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT clock_pkey PRIMARY KEY ("only"),
    CONSTRAINT clock_one_clock_check CHECK ("only")
);

create table company (
    "only" BOOLEAN DEFAULT 'true' NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    refund_dating TEXT NOT NULL,
    leaderboard TEXT DEFAULT 'VISIBLE' NOT NULL,
    proration TEXT DEFAULT 'NONE' NOT NULL,
    maker_checker BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT company_pkey PRIMARY KEY ("only"),
    CONSTRAINT company_one_company_check CHECK ("only"),
    CONSTRAINT company_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT company_refund_dating_check CHECK (refund_dating in ('ORIGINAL', 'REFUND')),
    CONSTRAINT company_leaderboard_check CHECK (leaderboard in ('VISIBLE', 'EVERYONE')),
    CONSTRAINT company_proration_check CHECK (proration in ('NONE', 'DAYS', 'THIRTY_DAYS', 'WORKING_DAYS', 'WHOLE_MONTHS'))
);

create table credited_deal (
    opportunity_id BIGINT NOT NULL,
    rep_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    amount NUMERIC,
    opened_on DATE,
    expected_close_on DATE,
    closed_on DATE,
    CONSTRAINT credited_deal_pkey PRIMARY KEY (opportunity_id, rep_id)
);
create INDEX credited_deal_rep_idx ON credited_deal (rep_id, opportunity_id) INCLUDE (owner_id);
create INDEX credited_deal_rep_largest_idx ON credited_deal (rep_id, coalesce(amount, 0) desc, opportunity_id desc) INCLUDE (amount, owner_id);
create INDEX credited_deal_rep_latest_idx ON credited_deal (rep_id, coalesce(closed_on, expected_close_on, opened_on, '1900-01-01'::date) desc, opportunity_id desc) INCLUDE (closed_on, expected_close_on, opened_on, owner_id);

create table estimate_progress (
    "only" BOOLEAN DEFAULT 'true' NOT NULL,
    position BIGINT NOT NULL,
    begun DATE,
    CONSTRAINT estimate_progress_pkey PRIMARY KEY ("only"),
    CONSTRAINT estimate_progress_one_progress_check CHECK ("only")
);

create table event_horizon (
    "only" BOOLEAN DEFAULT 'true' NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT event_horizon_pkey PRIMARY KEY ("only"),
    CONSTRAINT event_horizon_one_event_horizon_check CHECK ("only")
);

create table fx_rate (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    base TEXT NOT NULL,
    quote TEXT NOT NULL,
    pair BIGINT GENERATED ALWAYS AS (ascii(substr(base || quote, 1, 1))::bigint * 1099511627776 + ascii(substr(base || quote, 2, 1))::bigint * 4294967296 + ascii(substr(base || quote, 3, 1))::bigint * 16777216 + ascii(substr(base || quote, 4, 1))::bigint * 65536 + ascii(substr(base || quote, 5, 1))::bigint * 256 + ascii(substr(base || quote, 6, 1))::bigint * 1) STORED,
    effective DATERANGE NOT NULL,
    rate NUMERIC NOT NULL,
    CONSTRAINT fx_rate_pkey PRIMARY KEY (id),
    CONSTRAINT fx_rate_currencies_check CHECK (base ~ '^[A-Z]{3}$' and quote ~ '^[A-Z]{3}$' and base <> quote),
    CONSTRAINT fx_rate_rate_check CHECK (rate > 0),
    CONSTRAINT fx_rate_effective_check CHECK (not isempty(effective) and not lower_inf(effective)),
    CONSTRAINT fx_rate_never_overlapping EXCLUDE USING gist (int8range(pair, pair, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred
);

create table measure (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    basis TEXT NOT NULL,
    transaction_kinds TEXT[] NOT NULL,
    roles TEXT[] NOT NULL,
    product_ids BIGINT[] DEFAULT '{}' NOT NULL,
    product_families TEXT[] DEFAULT '{}' NOT NULL,
    rollup_levels INTEGER,
    CONSTRAINT measure_pkey PRIMARY KEY (id),
    CONSTRAINT measure_kind_check CHECK (kind in ('MONEY', 'UNITS')),
    CONSTRAINT measure_basis_check CHECK (basis in ('AMOUNT', 'MARGIN', 'QUANTITY')),
    CONSTRAINT measure_transaction_kinds_check CHECK (transaction_kinds <@ array['ORDER', 'INVOICE', 'PAYMENT', 'REFUND']),
    CONSTRAINT measure_roles_check CHECK (roles <@ array['DIRECT', 'SPLIT', 'OVERLAY', 'TERRITORY', 'ROLLUP']),
    CONSTRAINT measure_basis_of_kind_check CHECK ((kind = 'UNITS') = (basis = 'QUANTITY')),
    CONSTRAINT measure_counts_something_check CHECK (cardinality(transaction_kinds) > 0 and cardinality(roles) > 0),
    CONSTRAINT measure_rollup_levels_check CHECK (rollup_levels > 0),
    CONSTRAINT measure_name_key UNIQUE (name)
);

create table once (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    answer JSONB,
    CONSTRAINT once_pkey PRIMARY KEY (actor, key)
);

create table oversight (
    manager_id BIGINT NOT NULL,
    rep_id BIGINT NOT NULL,
    effective DATERANGE NOT NULL,
    CONSTRAINT oversight_pkey PRIMARY KEY (manager_id, rep_id, effective),
    CONSTRAINT oversight_not_of_oneself_check CHECK (manager_id <> rep_id)
);
create INDEX oversight_rep_id_idx ON oversight (rep_id);

create table period (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    effective DATERANGE NOT NULL,
    state TEXT DEFAULT 'OPEN' NOT NULL,
    closed_position BIGINT,
    CONSTRAINT period_pkey PRIMARY KEY (id),
    CONSTRAINT period_kind_check CHECK (kind in ('MONTH', 'QUARTER', 'YEAR')),
    CONSTRAINT period_state_check CHECK (state in ('OPEN', 'CLOSED')),
    CONSTRAINT period_only_pay_periods_close_check CHECK (state = 'OPEN' or kind = 'MONTH'),
    CONSTRAINT period_closed_position_check CHECK ((state = 'CLOSED') = (closed_position is not null)),
    CONSTRAINT period_effective_check CHECK (not isempty(effective) and not lower_inf(effective) and not upper_inf(effective)),
    CONSTRAINT period_name_key UNIQUE (name)
);
create UNIQUE INDEX period_kind_starts_key ON period (kind, lower(effective));

create table plan (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    CONSTRAINT plan_pkey PRIMARY KEY (id),
    CONSTRAINT plan_name_key UNIQUE (name)
);

create table product (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    external_id TEXT,
    name TEXT NOT NULL,
    family TEXT,
    list_price NUMERIC,
    currency TEXT NOT NULL,
    CONSTRAINT product_pkey PRIMARY KEY (id),
    CONSTRAINT product_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT product_list_price_check CHECK (list_price >= 0),
    CONSTRAINT product_external_id_key UNIQUE (external_id)
);

create table rep (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    external_id TEXT,
    name TEXT NOT NULL,
    email TEXT,
    title TEXT,
    office TEXT,
    currency TEXT NOT NULL,
    hired_on DATE,
    left_on DATE,
    CONSTRAINT rep_pkey PRIMARY KEY (id),
    CONSTRAINT rep_left_after_hired_check CHECK (left_on > hired_on),
    CONSTRAINT rep_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT rep_external_id_key UNIQUE (external_id)
);
create INDEX rep_name_id_idx ON rep (name, id);
create INDEX rep_words_idx ON rep USING gin (words_of(name));

create table territory (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    external_id TEXT,
    name TEXT NOT NULL,
    parent_id BIGINT,
    CONSTRAINT territory_pkey PRIMARY KEY (id),
    CONSTRAINT territory_not_its_own_parent_check CHECK (parent_id <> id),
    CONSTRAINT territory_external_id_key UNIQUE (external_id),
    CONSTRAINT territory_parent_id_fkey FOREIGN KEY(parent_id) REFERENCES territory (id)
);
create INDEX territory_parent_id_idx ON territory (parent_id);

create table tick (
    position BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    CONSTRAINT tick_pkey PRIMARY KEY (position)
);
create INDEX tick_actor_position_idx ON tick (actor, position);
create INDEX tick_at_position_idx ON tick (at, position);

create table account_territory (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    account_id BIGINT NOT NULL,
    territory_id BIGINT NOT NULL,
    effective DATERANGE NOT NULL,
    by_rule BOOLEAN NOT NULL,
    CONSTRAINT account_territory_pkey PRIMARY KEY (id),
    CONSTRAINT account_territory_effective_check CHECK (not isempty(effective) and not lower_inf(effective)),
    CONSTRAINT account_territory_never_overlapping EXCLUDE USING gist (int8range(account_id, account_id, '[]') WITH &&, int8range(territory_id, territory_id, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT account_territory_account_id_fkey FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT account_territory_territory_id_fkey FOREIGN KEY(territory_id) REFERENCES territory (id)
);
create INDEX account_territory_account_id_idx ON account_territory (account_id);
create INDEX account_territory_territory_id_idx ON account_territory (territory_id);

create table acknowledgement (
    rep_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT acknowledgement_pkey PRIMARY KEY (rep_id, period_id),
    CONSTRAINT acknowledgement_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT acknowledgement_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id)
);

create table activity_target (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    effective DATERANGE NOT NULL,
    monthly INTEGER NOT NULL,
    CONSTRAINT activity_target_pkey PRIMARY KEY (id),
    CONSTRAINT activity_target_kind_check CHECK (kind in ('CALL', 'EMAIL', 'MEETING', 'DEMO', 'TASK')),
    CONSTRAINT activity_target_monthly_check CHECK (monthly > 0),
    CONSTRAINT activity_target_effective_check CHECK (not isempty(effective) and not lower_inf(effective)),
    CONSTRAINT activity_target_never_overlapping EXCLUDE USING gist (int8range(rep_id, rep_id, '[]') WITH &&, int8range(strpos('CALL EMAIL MEETING DEMO TASK', kind), strpos('CALL EMAIL MEETING DEMO TASK', kind), '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT activity_target_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create INDEX activity_target_rep_id_idx ON activity_target (rep_id);

create table api_key (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    hash BYTEA NOT NULL,
    rep_id BIGINT,
    person TEXT,
    grants TEXT[] NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT api_key_pkey PRIMARY KEY (id),
    CONSTRAINT api_key_one_person_check CHECK (rep_id is null or person is null),
    CONSTRAINT api_key_grants_check CHECK (grants <@ array['SEE_ALL', 'PLAN', 'RUN', 'ADJUST', 'CLOSE', 'IMPORT', 'ADMIN']),
    CONSTRAINT api_key_hash_key UNIQUE (hash),
    CONSTRAINT api_key_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);

create table component (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    plan_id BIGINT NOT NULL,
    CONSTRAINT component_pkey PRIMARY KEY (id),
    CONSTRAINT component_plan_id_fkey FOREIGN KEY(plan_id) REFERENCES plan (id)
);
create INDEX component_plan_id_idx ON component (plan_id);

create table credited (
    rep_id BIGINT NOT NULL,
    measure_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    value NUMERIC NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT credited_pkey PRIMARY KEY (rep_id, measure_id, period_id),
    CONSTRAINT credited_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT credited_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id),
    CONSTRAINT credited_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id)
);
create INDEX credited_period_id_measure_id_idx ON credited (period_id, measure_id);

create table crediting_rule (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    rep_id BIGINT,
    territory_id BIGINT,
    product_id BIGINT,
    product_family TEXT,
    share NUMERIC NOT NULL,
    effective DATERANGE NOT NULL,
    CONSTRAINT crediting_rule_pkey PRIMARY KEY (id),
    CONSTRAINT crediting_rule_role_check CHECK (role in ('OVERLAY', 'TERRITORY')),
    CONSTRAINT crediting_rule_somebody_to_credit_check CHECK ((role = 'OVERLAY') = (rep_id is not null)),
    CONSTRAINT crediting_rule_share_check CHECK (share > 0 and share <= 10),
    CONSTRAINT crediting_rule_effective_check CHECK (not isempty(effective) and not lower_inf(effective)),
    CONSTRAINT crediting_rule_name_key UNIQUE (name),
    CONSTRAINT crediting_rule_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT crediting_rule_territory_id_fkey FOREIGN KEY(territory_id) REFERENCES territory (id),
    CONSTRAINT crediting_rule_product_id_fkey FOREIGN KEY(product_id) REFERENCES product (id)
);

create table draw (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    effective DATERANGE NOT NULL,
    kind TEXT NOT NULL,
    monthly NUMERIC NOT NULL,
    currency TEXT NOT NULL,
    prorated BOOLEAN NOT NULL,
    recovery_starts DATE,
    recovery_share NUMERIC NOT NULL,
    forgiven_on DATE,
    protected BIGINT[] NOT NULL,
    CONSTRAINT draw_pkey PRIMARY KEY (id),
    CONSTRAINT draw_kind_check CHECK (kind in ('RECOVERABLE', 'NON_RECOVERABLE', 'RECOVERABLE_THEN_FORGIVEN')),
    CONSTRAINT draw_monthly_check CHECK (monthly > 0),
    CONSTRAINT draw_recovery_share_check CHECK (recovery_share > 0 and recovery_share <= 1),
    CONSTRAINT draw_forgiven_on_check CHECK ((kind = 'RECOVERABLE_THEN_FORGIVEN') = (forgiven_on is not null)),
    CONSTRAINT draw_effective_check CHECK (not isempty(effective) and not lower_inf(effective)),
    CONSTRAINT draw_never_overlapping EXCLUDE USING gist (int8range(rep_id, rep_id, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT draw_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create INDEX draw_rep_id_idx ON draw (rep_id);

create table estimate (
    rep_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    amount NUMERIC NOT NULL,
    position BIGINT NOT NULL,
    problem TEXT,
    CONSTRAINT estimate_pkey PRIMARY KEY (rep_id, period_id),
    CONSTRAINT estimate_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT estimate_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id)
);
create INDEX estimate_period_id_idx ON estimate (period_id);

create table estimate_due (
    rep_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT estimate_due_pkey PRIMARY KEY (rep_id, period_id),
    CONSTRAINT estimate_due_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT estimate_due_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id)
);
create INDEX estimate_due_period_id_idx ON estimate_due (period_id);
create INDEX estimate_due_position_idx ON estimate_due (position);

create table event (
    position BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    rep_id BIGINT,
    payload JSONB NOT NULL,
    CONSTRAINT event_pkey PRIMARY KEY (position, ordinal),
    CONSTRAINT event_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create INDEX event_rep_id_position_idx ON event (rep_id, position);

create table goal (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    weight NUMERIC NOT NULL,
    achieved NUMERIC,
    CONSTRAINT goal_pkey PRIMARY KEY (id),
    CONSTRAINT goal_weight_check CHECK (weight > 0),
    CONSTRAINT goal_achieved_check CHECK (achieved >= 0),
    CONSTRAINT goal_rep_id_period_id_name_key UNIQUE (rep_id, period_id, name),
    CONSTRAINT goal_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT goal_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id)
);
create INDEX goal_period_id_idx ON goal (period_id);

create table opening_balance (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    measure_id BIGINT NOT NULL,
    effective DATERANGE NOT NULL,
    credited NUMERIC NOT NULL,
    earned NUMERIC NOT NULL,
    carry NUMERIC DEFAULT '1' NOT NULL,
    CONSTRAINT opening_balance_pkey PRIMARY KEY (id),
    CONSTRAINT opening_balance_effective_check CHECK (not isempty(effective) and not lower_inf(effective) and not upper_inf(effective)),
    CONSTRAINT opening_balance_never_overlapping EXCLUDE USING gist (int8range(rep_id, rep_id, '[]') WITH &&, int8range(measure_id, measure_id, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT opening_balance_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT opening_balance_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id)
);
create INDEX opening_balance_rep_id_measure_id_idx ON opening_balance (rep_id, measure_id);

create table opportunity (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    external_id TEXT,
    name TEXT NOT NULL,
    account_id BIGINT,
    product_id BIGINT,
    owner_id BIGINT NOT NULL,
    stage TEXT NOT NULL,
    forecast_category TEXT NOT NULL,
    probability NUMERIC NOT NULL,
    amount NUMERIC,
    list_amount NUMERIC,
    currency TEXT NOT NULL,
    opened_on DATE,
    expected_close_on DATE,
    first_expected_on DATE,
    closed_on DATE,
    outcome TEXT,
    attributes JSONB DEFAULT '[]' NOT NULL,
    revision BIGINT,
    CONSTRAINT opportunity_pkey PRIMARY KEY (id),
    CONSTRAINT opportunity_forecast_category_check CHECK (forecast_category in ('PIPELINE', 'BEST_CASE', 'COMMIT', 'CLOSED', 'OMITTED')),
    CONSTRAINT opportunity_outcome_check CHECK (outcome in ('WON', 'LOST')),
    CONSTRAINT opportunity_probability_check CHECK (probability between 0 and 1),
    CONSTRAINT opportunity_attributes_check CHECK (jsonb_typeof(attributes) = 'array'),
    CONSTRAINT opportunity_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT opportunity_list_amount_check CHECK (list_amount >= 0),
    CONSTRAINT opportunity_closed_with_outcome_check CHECK ((outcome is null) = (closed_on is null)),
    CONSTRAINT opportunity_won_with_amount_check CHECK (outcome <> 'WON' or amount is not null),
    CONSTRAINT opportunity_external_id_key UNIQUE (external_id),
    CONSTRAINT opportunity_account_id_fkey FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT opportunity_product_id_fkey FOREIGN KEY(product_id) REFERENCES product (id),
    CONSTRAINT opportunity_owner_id_fkey FOREIGN KEY(owner_id) REFERENCES rep (id)
);
create INDEX opportunity_account_id_idx ON opportunity (account_id);
create INDEX opportunity_closed_on_idx ON opportunity (closed_on);
create INDEX opportunity_largest_idx ON opportunity (coalesce(amount, 0) desc, id desc);
create INDEX opportunity_latest_idx ON opportunity (coalesce(closed_on, expected_close_on, opened_on, '1900-01-01'::date) desc, id desc);
create INDEX opportunity_open_idx ON opportunity (owner_id, id) WHERE outcome is null;
create INDEX opportunity_owner_id_id_idx ON opportunity (owner_id, id);
create INDEX opportunity_owner_largest_idx ON opportunity (owner_id, coalesce(amount, 0) desc, id desc) INCLUDE (amount);
create INDEX opportunity_owner_latest_idx ON opportunity (owner_id, coalesce(closed_on, expected_close_on, opened_on, '1900-01-01'::date) desc, id desc) INCLUDE (closed_on, expected_close_on, opened_on);
create INDEX opportunity_product_id_idx ON opportunity (product_id);
create INDEX opportunity_words_idx ON opportunity USING gin (words_of(name));

create table pay_currency (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    rate NUMERIC DEFAULT '1' NOT NULL,
    effective DATERANGE NOT NULL,
    CONSTRAINT pay_currency_pkey PRIMARY KEY (id),
    CONSTRAINT pay_currency_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT pay_currency_rate_check CHECK (rate > 0),
    CONSTRAINT pay_currency_effective_check CHECK (not isempty(effective)),
    CONSTRAINT pay_currency_starts_a_month_check CHECK (lower_inf(effective) or extract(day from lower(effective)) = 1),
    CONSTRAINT pay_currency_never_overlapping EXCLUDE USING gist (int8range(rep_id, rep_id, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT pay_currency_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create INDEX pay_currency_rep_id_idx ON pay_currency (rep_id);

create table payout (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    period_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    prepared_position BIGINT NOT NULL,
    approved_position BIGINT,
    exported_position BIGINT,
    CONSTRAINT payout_pkey PRIMARY KEY (id),
    CONSTRAINT payout_state_check CHECK (state in ('PREPARED', 'APPROVED', 'EXPORTED')),
    CONSTRAINT payout_approved_position_check CHECK ((state = 'PREPARED') = (approved_position is null)),
    CONSTRAINT payout_exported_position_check CHECK ((state = 'EXPORTED') = (exported_position is not null)),
    CONSTRAINT payout_period_id_key UNIQUE (period_id),
    CONSTRAINT payout_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id)
);

create table plan_assignment (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    plan_id BIGINT NOT NULL,
    rep_id BIGINT NOT NULL,
    effective DATERANGE NOT NULL,
    CONSTRAINT plan_assignment_pkey PRIMARY KEY (id),
    CONSTRAINT plan_assignment_effective_check CHECK (not isempty(effective) and not lower_inf(effective)),
    CONSTRAINT plan_assignment_never_overlapping EXCLUDE USING gist (int8range(plan_id, plan_id, '[]') WITH &&, int8range(rep_id, rep_id, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT plan_assignment_plan_id_fkey FOREIGN KEY(plan_id) REFERENCES plan (id),
    CONSTRAINT plan_assignment_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create INDEX plan_assignment_plan_id_idx ON plan_assignment (plan_id);
create INDEX plan_assignment_rep_id_idx ON plan_assignment (rep_id);

create table plan_title (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    plan_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    effective DATERANGE NOT NULL,
    CONSTRAINT plan_title_pkey PRIMARY KEY (id),
    CONSTRAINT plan_title_effective_check CHECK (not isempty(effective) and not lower_inf(effective)),
    CONSTRAINT plan_title_never_overlapping EXCLUDE USING gist (int8range(plan_id, plan_id, '[]') WITH &&, int8range(hashtextextended(title, 0) >> 1, hashtextextended(title, 0) >> 1, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT plan_title_plan_id_fkey FOREIGN KEY(plan_id) REFERENCES plan (id)
);
create INDEX plan_title_plan_id_idx ON plan_title (plan_id);
create INDEX plan_title_title_idx ON plan_title (title);

create table plan_version (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    plan_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    effective DATERANGE NOT NULL,
    document TEXT,
    published_position BIGINT,
    CONSTRAINT plan_version_pkey PRIMARY KEY (id),
    CONSTRAINT plan_version_state_check CHECK (state in ('DRAFT', 'PUBLISHED', 'SUPERSEDED')),
    CONSTRAINT plan_version_effective_check CHECK (not isempty(effective) and not lower_inf(effective)),
    CONSTRAINT plan_version_published_position_check CHECK ((state = 'DRAFT') = (published_position is null)),
    CONSTRAINT plan_version_plan_id_version_key UNIQUE (plan_id, version),
    CONSTRAINT plan_version_never_overlapping EXCLUDE USING gist (int8range(plan_id, plan_id, '[]') WITH &&, effective WITH &&) WHERE (state = 'PUBLISHED') DEFERRABLE INITIALLY deferred,
    CONSTRAINT plan_version_plan_id_fkey FOREIGN KEY(plan_id) REFERENCES plan (id)
);

create table quota (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    measure_id BIGINT NOT NULL,
    effective DATERANGE NOT NULL,
    value NUMERIC NOT NULL,
    full_value NUMERIC NOT NULL,
    seasonality NUMERIC[] DEFAULT '{}' NOT NULL,
    proration TEXT DEFAULT 'NONE' NOT NULL,
    ramp NUMERIC[] DEFAULT '{}' NOT NULL,
    CONSTRAINT quota_pkey PRIMARY KEY (id),
    CONSTRAINT quota_proration_check CHECK (proration in ('NONE', 'DAYS', 'THIRTY_DAYS', 'WORKING_DAYS', 'WHOLE_MONTHS')),
    CONSTRAINT quota_value_check CHECK (value >= 0 and full_value > 0),
    CONSTRAINT quota_weights_check CHECK (0 <= all (seasonality) and 0 <= all (ramp) and 1 >= all (ramp)),
    CONSTRAINT quota_effective_check CHECK (not isempty(effective) and not lower_inf(effective) and not upper_inf(effective)),
    CONSTRAINT quota_never_overlapping EXCLUDE USING gist (int8range(rep_id, rep_id, '[]') WITH &&, int8range(measure_id, measure_id, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT quota_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT quota_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id)
);
create INDEX quota_latest_idx ON quota (lower(effective), id);
create INDEX quota_rep_idx ON quota (rep_id, measure_id, lower(effective));
create INDEX quota_value_id_idx ON quota (value, id);

create table rep_title (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    effective DATERANGE NOT NULL,
    CONSTRAINT rep_title_pkey PRIMARY KEY (id),
    CONSTRAINT rep_title_effective_check CHECK (not isempty(effective) and not lower_inf(effective)),
    CONSTRAINT rep_title_never_overlapping EXCLUDE USING gist (int8range(rep_id, rep_id, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT rep_title_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create INDEX rep_title_rep_id_idx ON rep_title (rep_id);
create INDEX rep_title_title_idx ON rep_title (title);

create table reporting_line (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    manager_id BIGINT NOT NULL,
    effective DATERANGE NOT NULL,
    CONSTRAINT reporting_line_pkey PRIMARY KEY (id),
    CONSTRAINT reporting_line_not_to_oneself_check CHECK (rep_id <> manager_id),
    CONSTRAINT reporting_line_effective_check CHECK (not isempty(effective)),
    CONSTRAINT reporting_line_never_overlapping EXCLUDE USING gist (int8range(rep_id, rep_id, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT reporting_line_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT reporting_line_manager_id_fkey FOREIGN KEY(manager_id) REFERENCES rep (id)
);
create INDEX reporting_line_manager_id_idx ON reporting_line (manager_id);
create INDEX reporting_line_rep_id_idx ON reporting_line (rep_id);

create table run (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    period_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    position BIGINT NOT NULL,
    shards INTEGER NOT NULL,
    shards_done INTEGER NOT NULL,
    started_by TEXT NOT NULL,
    approved_by TEXT,
    excluded BIGINT[] NOT NULL,
    CONSTRAINT run_pkey PRIMARY KEY (id),
    CONSTRAINT run_state_check CHECK (state in ('CALCULATING', 'CALCULATED', 'APPROVED', 'POSTED', 'CANCELLED')),
    CONSTRAINT run_shards_done_check CHECK (shards_done between 0 and shards),
    CONSTRAINT run_approved_by_check CHECK (state <> 'APPROVED' or approved_by is not null),
    CONSTRAINT run_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id)
);

create table target_variable (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    effective DATERANGE NOT NULL,
    annual NUMERIC NOT NULL,
    promised_on DATE,
    proration TEXT DEFAULT 'NONE' NOT NULL,
    CONSTRAINT target_variable_pkey PRIMARY KEY (id),
    CONSTRAINT target_variable_proration_check CHECK (proration in ('NONE', 'DAYS', 'THIRTY_DAYS', 'WORKING_DAYS', 'WHOLE_MONTHS')),
    CONSTRAINT target_variable_annual_check CHECK (annual > 0),
    CONSTRAINT target_variable_effective_check CHECK (not isempty(effective) and not lower_inf(effective)),
    CONSTRAINT target_variable_never_overlapping EXCLUDE USING gist (int8range(rep_id, rep_id, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT target_variable_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create INDEX target_variable_rep_id_idx ON target_variable (rep_id);

create table territory_assignment (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    territory_id BIGINT NOT NULL,
    rep_id BIGINT NOT NULL,
    effective DATERANGE NOT NULL,
    CONSTRAINT territory_assignment_pkey PRIMARY KEY (id),
    CONSTRAINT territory_assignment_effective_check CHECK (not isempty(effective) and not lower_inf(effective)),
    CONSTRAINT territory_assignment_never_overlapping EXCLUDE USING gist (int8range(territory_id, territory_id, '[]') WITH &&, int8range(rep_id, rep_id, '[]') WITH &&, effective WITH &&) DEFERRABLE INITIALLY deferred,
    CONSTRAINT territory_assignment_territory_id_fkey FOREIGN KEY(territory_id) REFERENCES territory (id),
    CONSTRAINT territory_assignment_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create INDEX territory_assignment_rep_id_idx ON territory_assignment (rep_id);
create INDEX territory_assignment_territory_id_idx ON territory_assignment (territory_id);

create table territory_rule (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    territory_id BIGINT NOT NULL,
    attribute TEXT NOT NULL,
    accepted TEXT[] NOT NULL,
    CONSTRAINT territory_rule_pkey PRIMARY KEY (id),
    CONSTRAINT territory_rule_attribute_check CHECK (attribute in ('INDUSTRY', 'COUNTRY')),
    CONSTRAINT territory_rule_accepted_check CHECK (cardinality(accepted) > 0),
    CONSTRAINT territory_rule_territory_id_attribute_key UNIQUE (territory_id, attribute),
    CONSTRAINT territory_rule_territory_id_fkey FOREIGN KEY(territory_id) REFERENCES territory (id)
);

create table touch (
    rep_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    span DATERANGE NOT NULL,
    CONSTRAINT touch_pkey PRIMARY KEY (rep_id, position, span),
    CONSTRAINT touch_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create INDEX touch_position_idx ON touch (position);

create table webhook (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    kinds TEXT[] NOT NULL,
    rep_id BIGINT,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT webhook_pkey PRIMARY KEY (id),
    CONSTRAINT webhook_state_check CHECK (state in ('ENABLED', 'DISABLED')),
    CONSTRAINT webhook_kinds_check CHECK (kinds <@ array['AttainmentChange', 'DisputeOpened', 'DisputeResolved', 'EarningAdjusted', 'EarningsPosted', 'EstimateChange', 'OpportunityMoved', 'PeriodClosed', 'PlanAccepted', 'RunProgress', 'StatementPaid', 'WebhookDisabled']),
    CONSTRAINT webhook_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);

create table activity (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    external_id TEXT,
    rep_id BIGINT NOT NULL,
    opportunity_id BIGINT,
    account_id BIGINT,
    kind TEXT NOT NULL,
    dated DATE NOT NULL,
    note TEXT,
    revision BIGINT,
    CONSTRAINT activity_pkey PRIMARY KEY (id),
    CONSTRAINT activity_kind_check CHECK (kind in ('CALL', 'EMAIL', 'MEETING', 'DEMO', 'TASK')),
    CONSTRAINT activity_external_id_key UNIQUE (external_id),
    CONSTRAINT activity_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT activity_opportunity_id_fkey FOREIGN KEY(opportunity_id) REFERENCES opportunity (id),
    CONSTRAINT activity_account_id_fkey FOREIGN KEY(account_id) REFERENCES account (id)
);
create INDEX activity_account_id_idx ON activity (account_id);
create INDEX activity_opportunity_id_dated_id_idx ON activity (opportunity_id, dated, id);
create INDEX activity_rep_id_dated_id_idx ON activity (rep_id, dated, id);

create table adjustment (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    opportunity_id BIGINT,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    amount NUMERIC NOT NULL,
    currency TEXT NOT NULL,
    position BIGINT NOT NULL,
    pending BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT adjustment_pkey PRIMARY KEY (id),
    CONSTRAINT adjustment_reason_check CHECK (reason in ('CORRECTION', 'GUARANTEE', 'GOODWILL', 'DATA_ERROR', 'OTHER')),
    CONSTRAINT adjustment_amount_check CHECK (amount <> 0),
    CONSTRAINT adjustment_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT adjustment_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id),
    CONSTRAINT adjustment_opportunity_id_fkey FOREIGN KEY(opportunity_id) REFERENCES opportunity (id)
);
create INDEX adjustment_opportunity_id_idx ON adjustment (opportunity_id);
create INDEX adjustment_rep_id_period_id_idx ON adjustment (rep_id, period_id);

create table component_version (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    component_id BIGINT NOT NULL,
    plan_version_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    incentive_type TEXT NOT NULL,
    measure_id BIGINT NOT NULL,
    window_kind TEXT NOT NULL,
    quota_basis TEXT NOT NULL,
    carry TEXT DEFAULT 'CONTINUE' NOT NULL,
    rounding TEXT DEFAULT 'HALF_UP' NOT NULL,
    config JSONB NOT NULL,
    distribution TEXT DEFAULT '' NOT NULL,
    round INTEGER DEFAULT '0' NOT NULL,
    reads_window TEXT DEFAULT 'PERIOD' NOT NULL,
    reads_ago INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT component_version_pkey PRIMARY KEY (id),
    CONSTRAINT component_version_window_kind_check CHECK (window_kind in ('PERIOD', 'QUARTER_TO_DATE', 'YEAR_TO_DATE')),
    CONSTRAINT component_version_quota_basis_check CHECK (quota_basis in ('FULL_WINDOW', 'TO_DATE')),
    CONSTRAINT component_version_carry_check CHECK (carry in ('CONTINUE', 'RESTART')),
    CONSTRAINT component_version_rounding_check CHECK (rounding in ('HALF_UP', 'HALF_EVEN', 'HALF_DOWN', 'UP', 'DOWN')),
    CONSTRAINT component_version_reads_window_check CHECK (reads_window in ('PERIOD', 'QUARTER_TO_DATE', 'YEAR_TO_DATE')),
    CONSTRAINT component_version_plan_version_id_ordinal_key UNIQUE (plan_version_id, ordinal),
    CONSTRAINT component_version_plan_version_id_name_key UNIQUE (plan_version_id, name),
    CONSTRAINT component_version_plan_version_id_component_id_key UNIQUE (plan_version_id, component_id),
    CONSTRAINT component_version_component_id_fkey FOREIGN KEY(component_id) REFERENCES component (id),
    CONSTRAINT component_version_plan_version_id_fkey FOREIGN KEY(plan_version_id) REFERENCES plan_version (id),
    CONSTRAINT component_version_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id)
);
create INDEX component_version_component_id_idx ON component_version (component_id);

create table earned (
    rep_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    period_id BIGINT NOT NULL,
    component_id BIGINT NOT NULL,
    amount NUMERIC NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT earned_pkey PRIMARY KEY (rep_id, currency, period_id, component_id) INCLUDE (amount),
    CONSTRAINT earned_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT earned_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id),
    CONSTRAINT earned_component_id_fkey FOREIGN KEY(component_id) REFERENCES component (id)
);
create INDEX earned_period_id_idx ON earned (period_id);

create table estimate_part (
    rep_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    component_id BIGINT NOT NULL,
    amount NUMERIC NOT NULL,
    lines JSONB NOT NULL,
    CONSTRAINT estimate_part_pkey PRIMARY KEY (rep_id, period_id, component_id),
    CONSTRAINT estimate_part_rep_id_period_id_fkey FOREIGN KEY(rep_id, period_id) REFERENCES estimate (rep_id, period_id) ON DELETE CASCADE,
    CONSTRAINT estimate_part_component_id_fkey FOREIGN KEY(component_id) REFERENCES component (id)
);

create table evaluation (
    rep_id BIGINT NOT NULL,
    component_id BIGINT NOT NULL,
    span DATERANGE NOT NULL,
    through DATE NOT NULL,
    position BIGINT NOT NULL,
    posted_position BIGINT NOT NULL,
    CONSTRAINT evaluation_pkey PRIMARY KEY (rep_id, component_id, span),
    CONSTRAINT evaluation_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT evaluation_component_id_fkey FOREIGN KEY(component_id) REFERENCES component (id)
);

create table hold (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT,
    component_id BIGINT,
    opportunity_id BIGINT,
    release TEXT NOT NULL,
    releases_on DATE,
    reason TEXT NOT NULL,
    placed_position BIGINT NOT NULL,
    released_position BIGINT,
    release_note TEXT,
    CONSTRAINT hold_pkey PRIMARY KEY (id),
    CONSTRAINT hold_release_check CHECK (release in ('BY_EVENT', 'BY_CASH')),
    CONSTRAINT hold_holds_something_check CHECK (rep_id is not null or component_id is not null or opportunity_id is not null),
    CONSTRAINT hold_releases_on_check CHECK (releases_on is null or release = 'BY_EVENT'),
    CONSTRAINT hold_released_later_check CHECK (released_position > placed_position),
    CONSTRAINT hold_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT hold_component_id_fkey FOREIGN KEY(component_id) REFERENCES component (id),
    CONSTRAINT hold_opportunity_id_fkey FOREIGN KEY(opportunity_id) REFERENCES opportunity (id)
);
create INDEX hold_component_id_idx ON hold (component_id);
create INDEX hold_opportunity_id_idx ON hold (opportunity_id);
create INDEX hold_rep_id_idx ON hold (rep_id);

create table plan_acceptance (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    plan_version_id BIGINT NOT NULL,
    rep_id BIGINT NOT NULL,
    document_hash TEXT NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT plan_acceptance_pkey PRIMARY KEY (id),
    CONSTRAINT plan_acceptance_plan_version_id_rep_id_key UNIQUE (plan_version_id, rep_id),
    CONSTRAINT plan_acceptance_document_hash_check CHECK (document_hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT plan_acceptance_plan_version_id_fkey FOREIGN KEY(plan_version_id) REFERENCES plan_version (id),
    CONSTRAINT plan_acceptance_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create INDEX plan_acceptance_rep_id_idx ON plan_acceptance (rep_id);

create table plan_feedback (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    plan_version_id BIGINT NOT NULL,
    rep_id BIGINT NOT NULL,
    score INTEGER NOT NULL,
    comment TEXT,
    position BIGINT NOT NULL,
    CONSTRAINT plan_feedback_pkey PRIMARY KEY (id),
    CONSTRAINT plan_feedback_plan_version_id_rep_id_key UNIQUE (plan_version_id, rep_id),
    CONSTRAINT plan_feedback_score_check CHECK (score between 0 and 10),
    CONSTRAINT plan_feedback_plan_version_id_fkey FOREIGN KEY(plan_version_id) REFERENCES plan_version (id),
    CONSTRAINT plan_feedback_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create INDEX plan_feedback_rep_id_idx ON plan_feedback (rep_id);

create table posting (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    position BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    note TEXT,
    CONSTRAINT posting_pkey PRIMARY KEY (id),
    CONSTRAINT posting_position_key UNIQUE (position),
    CONSTRAINT posting_run_id_key UNIQUE (run_id),
    CONSTRAINT posting_run_id_fkey FOREIGN KEY(run_id) REFERENCES run (id),
    CONSTRAINT posting_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id)
);

create table quota_part (
    rep_id BIGINT NOT NULL,
    measure_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    quota_id BIGINT NOT NULL,
    value NUMERIC NOT NULL,
    full_value NUMERIC NOT NULL,
    rate NUMERIC DEFAULT '1' NOT NULL,
    says TEXT NOT NULL,
    carry NUMERIC DEFAULT '1' NOT NULL,
    CONSTRAINT quota_part_pkey PRIMARY KEY (rep_id, measure_id, period_id),
    CONSTRAINT quota_part_value_check CHECK (value >= 0 and full_value >= 0 and rate >= 0),
    CONSTRAINT quota_part_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT quota_part_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id),
    CONSTRAINT quota_part_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id),
    CONSTRAINT quota_part_quota_id_fkey FOREIGN KEY(quota_id) REFERENCES quota (id)
);
create INDEX quota_part_period_id_measure_id_idx ON quota_part (period_id, measure_id);
create INDEX quota_part_quota_id_idx ON quota_part (quota_id);

create table run_evaluation (
    run_id BIGINT NOT NULL,
    rep_id BIGINT NOT NULL,
    component_id BIGINT NOT NULL,
    span DATERANGE NOT NULL,
    shard INTEGER NOT NULL,
    round INTEGER DEFAULT '0' NOT NULL,
    reads_from DATE NOT NULL,
    through DATE NOT NULL,
    position BIGINT NOT NULL,
    evaluated TEXT NOT NULL,
    CONSTRAINT run_evaluation_pkey PRIMARY KEY (run_id, rep_id, component_id, span),
    CONSTRAINT run_evaluation_evaluated_check CHECK (evaluated in ('PENDING', 'DONE', 'FAILED')),
    CONSTRAINT run_evaluation_run_id_fkey FOREIGN KEY(run_id) REFERENCES run (id),
    CONSTRAINT run_evaluation_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT run_evaluation_component_id_fkey FOREIGN KEY(component_id) REFERENCES component (id)
);
create INDEX run_evaluation_rep_idx ON run_evaluation (rep_id, component_id, span, run_id);

create table run_plugin (
    run_id BIGINT NOT NULL,
    incentive_type TEXT NOT NULL,
    package TEXT NOT NULL,
    version TEXT NOT NULL,
    CONSTRAINT run_plugin_pkey PRIMARY KEY (run_id, incentive_type),
    CONSTRAINT run_plugin_run_id_fkey FOREIGN KEY(run_id) REFERENCES run (id)
);
create INDEX run_plugin_incentive_type_idx ON run_plugin (incentive_type);

create table split (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    opportunity_id BIGINT NOT NULL,
    rep_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    share NUMERIC NOT NULL,
    CONSTRAINT split_pkey PRIMARY KEY (id),
    CONSTRAINT split_role_check CHECK (role in ('SPLIT', 'OVERLAY')),
    CONSTRAINT split_share_check CHECK (share > 0 and share <= 10),
    CONSTRAINT split_opportunity_id_fkey FOREIGN KEY(opportunity_id) REFERENCES opportunity (id),
    CONSTRAINT split_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id)
);
create UNIQUE INDEX split_once_key ON split (opportunity_id, rep_id, role);
create INDEX split_opportunity_id_idx ON split (opportunity_id);
create INDEX split_rep_id_idx ON split (rep_id);

create table stage_change (
    opportunity_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    from_stage TEXT,
    to_stage TEXT NOT NULL,
    outcome TEXT,
    dated DATE NOT NULL,
    CONSTRAINT stage_change_pkey PRIMARY KEY (opportunity_id, position),
    CONSTRAINT stage_change_outcome_check CHECK (outcome in ('WON', 'LOST')),
    CONSTRAINT stage_change_opportunity_id_fkey FOREIGN KEY(opportunity_id) REFERENCES opportunity (id)
);
create INDEX stage_change_from_stage_dated_idx ON stage_change (from_stage, dated);

create table transaction (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    external_id TEXT,
    kind TEXT NOT NULL,
    opportunity_id BIGINT,
    rep_id BIGINT,
    account_id BIGINT,
    product_id BIGINT,
    dated DATE NOT NULL,
    quantity NUMERIC NOT NULL,
    amount NUMERIC NOT NULL,
    margin NUMERIC,
    currency TEXT NOT NULL,
    corrects_id BIGINT,
    attributes JSONB DEFAULT '[]' NOT NULL,
    revision BIGINT,
    CONSTRAINT transaction_pkey PRIMARY KEY (id),
    CONSTRAINT transaction_kind_check CHECK (kind in ('ORDER', 'INVOICE', 'PAYMENT', 'REFUND')),
    CONSTRAINT transaction_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT transaction_refund_negative_check CHECK (kind <> 'REFUND' or (amount <= 0 and quantity <= 0)),
    CONSTRAINT transaction_credited_to_somebody_check CHECK (opportunity_id is not null or rep_id is not null or corrects_id is not null),
    CONSTRAINT transaction_not_its_own_correction_check CHECK (corrects_id <> id),
    CONSTRAINT transaction_attributes_check CHECK (jsonb_typeof(attributes) = 'array'),
    CONSTRAINT transaction_external_id_key UNIQUE (external_id),
    CONSTRAINT transaction_opportunity_id_fkey FOREIGN KEY(opportunity_id) REFERENCES opportunity (id),
    CONSTRAINT transaction_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT transaction_account_id_fkey FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT transaction_product_id_fkey FOREIGN KEY(product_id) REFERENCES product (id),
    CONSTRAINT transaction_corrects_id_fkey FOREIGN KEY(corrects_id) REFERENCES transaction (id)
);
create INDEX transaction_account_id_idx ON transaction (account_id);
create INDEX transaction_amount_id_idx ON transaction (amount, id);
create INDEX transaction_corrects_id_idx ON transaction (corrects_id);
create INDEX transaction_dated_id_idx ON transaction (dated, id);
create INDEX transaction_opportunity_id_idx ON transaction (opportunity_id);
create UNIQUE INDEX transaction_order_key ON transaction (opportunity_id) WHERE kind = 'ORDER' and external_id is null;
create INDEX transaction_product_id_idx ON transaction (product_id);
create INDEX transaction_rep_id_idx ON transaction (rep_id);

create table webhook_attempt (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    webhook_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    milliseconds INTEGER NOT NULL,
    status INTEGER,
    problem TEXT,
    CONSTRAINT webhook_attempt_pkey PRIMARY KEY (id),
    CONSTRAINT webhook_attempt_webhook_id_fkey FOREIGN KEY(webhook_id) REFERENCES webhook (id)
);
create INDEX webhook_attempt_at_idx ON webhook_attempt (at);
create INDEX webhook_attempt_webhook_id_id_idx ON webhook_attempt (webhook_id, id);

create table webhook_progress (
    webhook_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    failures INTEGER DEFAULT '0' NOT NULL,
    failing_since TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT webhook_progress_pkey PRIMARY KEY (webhook_id),
    CONSTRAINT webhook_progress_failing_since_check CHECK ((failures = 0) = (failing_since is null)),
    CONSTRAINT webhook_progress_webhook_id_fkey FOREIGN KEY(webhook_id) REFERENCES webhook (id)
);

create table webhook_secret (
    webhook_id BIGINT NOT NULL,
    secret BYTEA NOT NULL,
    former BYTEA,
    former_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT webhook_secret_pkey PRIMARY KEY (webhook_id),
    CONSTRAINT webhook_secret_former_check CHECK ((former is null) = (former_until is null)),
    CONSTRAINT webhook_secret_webhook_id_fkey FOREIGN KEY(webhook_id) REFERENCES webhook (id)
);

create table adjustment_decision (
    adjustment_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    approved BOOLEAN NOT NULL,
    note TEXT,
    position BIGINT NOT NULL,
    CONSTRAINT adjustment_decision_pkey PRIMARY KEY (adjustment_id),
    CONSTRAINT adjustment_decision_adjustment_id_fkey FOREIGN KEY(adjustment_id) REFERENCES adjustment (id),
    CONSTRAINT adjustment_decision_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id)
);

create table credit (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    transaction_id BIGINT NOT NULL,
    opportunity_id BIGINT,
    rep_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    measure_id BIGINT NOT NULL,
    source_rep_id BIGINT,
    dated DATE NOT NULL,
    share NUMERIC NOT NULL,
    amount NUMERIC NOT NULL,
    units NUMERIC NOT NULL,
    currency TEXT NOT NULL,
    sold_amount NUMERIC NOT NULL,
    sold_currency TEXT NOT NULL,
    fx_rate NUMERIC NOT NULL,
    made_position BIGINT NOT NULL,
    superseded_position BIGINT,
    CONSTRAINT credit_pkey PRIMARY KEY (id),
    CONSTRAINT credit_role_check CHECK (role in ('DIRECT', 'SPLIT', 'OVERLAY', 'TERRITORY', 'ROLLUP')),
    CONSTRAINT credit_superseded_later_check CHECK (superseded_position > made_position),
    CONSTRAINT credit_transaction_id_fkey FOREIGN KEY(transaction_id) REFERENCES transaction (id),
    CONSTRAINT credit_opportunity_id_fkey FOREIGN KEY(opportunity_id) REFERENCES opportunity (id),
    CONSTRAINT credit_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT credit_measure_id_fkey FOREIGN KEY(measure_id) REFERENCES measure (id),
    CONSTRAINT credit_source_rep_id_fkey FOREIGN KEY(source_rep_id) REFERENCES rep (id)
);
create UNIQUE INDEX credit_identity_key ON credit (transaction_id, rep_id, role, measure_id) WHERE superseded_position is null;
create INDEX credit_opportunity_idx ON credit (opportunity_id);
create INDEX credit_rep_idx ON credit (rep_id, opportunity_id, transaction_id) WHERE superseded_position is null;
create INDEX credit_window_idx ON credit (rep_id, measure_id, dated, id) WHERE superseded_position is null;

create table earning (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    posting_id BIGINT NOT NULL,
    rep_id BIGINT NOT NULL,
    component_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    span DATERANGE NOT NULL,
    key TEXT NOT NULL,
    period_id BIGINT NOT NULL,
    amount NUMERIC NOT NULL,
    currency TEXT NOT NULL,
    steps JSONB NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT earning_pkey PRIMARY KEY (id),
    CONSTRAINT earning_kind_check CHECK (kind in ('EARNED', 'CORRECTION')),
    CONSTRAINT earning_posting_id_fkey FOREIGN KEY(posting_id) REFERENCES posting (id),
    CONSTRAINT earning_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT earning_component_id_fkey FOREIGN KEY(component_id) REFERENCES component (id),
    CONSTRAINT earning_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id)
);
create INDEX earning_amount_id_idx ON earning (amount, id);
create INDEX earning_component_id_idx ON earning (component_id);
create INDEX earning_latest_idx ON earning (lower(span), id);
create INDEX earning_period_idx ON earning (period_id, rep_id);
create INDEX earning_posting_id_idx ON earning (posting_id);
create INDEX earning_rep_amount_idx ON earning (rep_id, amount, id);
create INDEX earning_rep_idx ON earning (rep_id, id);
create INDEX earning_rep_latest_idx ON earning (rep_id, lower(span), id);
create INDEX earning_window_idx ON earning (rep_id, component_id, span);

create table payment (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    period_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    debt TEXT,
    amount NUMERIC NOT NULL,
    currency TEXT NOT NULL,
    component_id BIGINT,
    opportunity_id BIGINT,
    transaction_id BIGINT,
    note TEXT,
    position BIGINT NOT NULL,
    CONSTRAINT payment_pkey PRIMARY KEY (id),
    CONSTRAINT payment_kind_check CHECK (kind in ('HELD', 'RELEASED', 'DRAWN', 'RECOVERED', 'PAID', 'WRITTEN_OFF')),
    CONSTRAINT payment_debt_check CHECK (debt in ('CARRIED', 'DRAW')),
    CONSTRAINT payment_amount_check CHECK (amount > 0 or (kind = 'HELD' and amount < 0)),
    CONSTRAINT payment_debt_written_off_check CHECK ((kind = 'WRITTEN_OFF') = (debt is not null)),
    CONSTRAINT payment_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT payment_period_id_fkey FOREIGN KEY(period_id) REFERENCES period (id),
    CONSTRAINT payment_component_id_fkey FOREIGN KEY(component_id) REFERENCES component (id),
    CONSTRAINT payment_opportunity_id_fkey FOREIGN KEY(opportunity_id) REFERENCES opportunity (id),
    CONSTRAINT payment_transaction_id_fkey FOREIGN KEY(transaction_id) REFERENCES transaction (id)
);
create INDEX payment_period_id_kind_idx ON payment (period_id, kind);
create INDEX payment_rep_id_period_id_idx ON payment (rep_id, period_id);

create table run_line (
    run_id BIGINT NOT NULL,
    rep_id BIGINT NOT NULL,
    component_id BIGINT NOT NULL,
    span DATERANGE NOT NULL,
    key TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount NUMERIC NOT NULL,
    steps JSONB NOT NULL,
    credits JSONB NOT NULL,
    CONSTRAINT run_line_pkey PRIMARY KEY (run_id, rep_id, component_id, span, key, currency),
    CONSTRAINT run_line_run_id_rep_id_component_id_span_fkey FOREIGN KEY(run_id, rep_id, component_id, span) REFERENCES run_evaluation (run_id, rep_id, component_id, span) ON DELETE CASCADE
);

create table run_problem (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    run_id BIGINT NOT NULL,
    rep_id BIGINT NOT NULL,
    component_id BIGINT NOT NULL,
    span DATERANGE NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    CONSTRAINT run_problem_pkey PRIMARY KEY (id),
    CONSTRAINT run_problem_run_id_rep_id_component_id_span_fkey FOREIGN KEY(run_id, rep_id, component_id, span) REFERENCES run_evaluation (run_id, rep_id, component_id, span) ON DELETE CASCADE,
    CONSTRAINT run_problem_code_check CHECK (code in ('NOT_PERMITTED', 'NOT_FOUND', 'INVALID', 'CURSOR_EXPIRED', 'DUPLICATE', 'OVERLAPS', 'STALE_REVISION', 'CYCLE', 'BACKDATING_UNDECIDED', 'NO_PERIOD', 'ALREADY_CLOSED', 'EARLIER_PERIOD_OPEN', 'PERIOD_ENDS_LATER', 'ALREADY_PUBLISHED', 'DOCUMENT_CHANGED', 'NOT_APPROVED', 'OWN_WORK', 'WRONG_STATE', 'RUN_STALE', 'RUN_HAS_PROBLEMS', 'UNRECONCILED', 'KEY_REUSED', 'PLUGIN_FAILED', 'PLUGIN_MISSING', 'LINE_INVALID', 'REFUND_EXCEEDS_SALE', 'SECOND_ORDER', 'CURRENCY_MISMATCH'))
);
create INDEX run_problem_run_idx ON run_problem (run_id, rep_id);

create table dispute (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rep_id BIGINT NOT NULL,
    earning_id BIGINT,
    opportunity_id BIGINT,
    says TEXT NOT NULL,
    state TEXT NOT NULL,
    answer TEXT,
    opened_position BIGINT NOT NULL,
    resolved_position BIGINT,
    CONSTRAINT dispute_pkey PRIMARY KEY (id),
    CONSTRAINT dispute_state_check CHECK (state in ('OPEN', 'ACCEPTED', 'REJECTED')),
    CONSTRAINT dispute_about_one_thing_check CHECK (num_nonnulls(earning_id, opportunity_id) = 1),
    CONSTRAINT dispute_resolved_check CHECK ((state = 'OPEN') = (resolved_position is null) and (state = 'OPEN') = (answer is null)),
    CONSTRAINT dispute_rep_id_fkey FOREIGN KEY(rep_id) REFERENCES rep (id),
    CONSTRAINT dispute_earning_id_fkey FOREIGN KEY(earning_id) REFERENCES earning (id),
    CONSTRAINT dispute_opportunity_id_fkey FOREIGN KEY(opportunity_id) REFERENCES opportunity (id)
);
create INDEX dispute_earning_id_idx ON dispute (earning_id);
create INDEX dispute_opportunity_id_idx ON dispute (opportunity_id);
create INDEX dispute_rep_id_idx ON dispute (rep_id);

create table earning_credit (
    earning_id BIGINT NOT NULL,
    transaction_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    amount NUMERIC NOT NULL,
    CONSTRAINT earning_credit_pkey PRIMARY KEY (earning_id, transaction_id, role),
    CONSTRAINT earning_credit_earning_id_fkey FOREIGN KEY(earning_id) REFERENCES earning (id),
    CONSTRAINT earning_credit_transaction_id_fkey FOREIGN KEY(transaction_id) REFERENCES transaction (id)
);
create INDEX earning_credit_transaction_id_idx ON earning_credit (transaction_id);

create table payout_line (
    payout_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    CONSTRAINT payout_line_pkey PRIMARY KEY (payout_id, payment_id),
    CONSTRAINT payout_line_payment_id_key UNIQUE (payment_id),
    CONSTRAINT payout_line_payout_id_fkey FOREIGN KEY(payout_id) REFERENCES payout (id),
    CONSTRAINT payout_line_payment_id_fkey FOREIGN KEY(payment_id) REFERENCES payment (id)
);
