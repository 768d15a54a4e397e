"""A small company, written by SQL so that every number can be checked by hand.

Two regions. Olga runs the company; Mia (east) and Max (west) report to her; Ana and Bo report to Mia, Cy to Max, and Dee
has nobody. All of 2026 is there; it is 10 May 2026. Ids are those of the order of insertion.
"""

from __future__ import annotations

from datetime import date

from spm_graph.domain.terms import Grant
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

TODAY = date(2026, 5, 10)

OLGA, MIA, MAX, ANA, BO, CY, DEE = range(1, 8)

ADMINISTRATOR = Actor("administrator", None, frozenset(Grant))
MANAGER = Actor("mia", MIA, frozenset())
SELF = Actor("ana", ANA, frozenset())
STRANGER = Actor("dee", DEE, frozenset())
PLANNER = Actor("planner", None, frozenset({Grant.PLAN}))
RUNNER = Actor("runner", None, frozenset({Grant.RUN}))
AUDITOR = Actor("auditor", None, frozenset({Grant.SEE_ALL}))
INTEGRATOR = Actor("integrator", None, frozenset({Grant.IMPORT}))
ACTORS = (ADMINISTRATOR, MANAGER, SELF, STRANGER, PLANNER, RUNNER, AUDITOR, INTEGRATOR)

MONTHS = [f"2026-{month:02}" for month in range(1, 13)]

FACTS = """
update company set name = 'Acme', currency = 'EUR';
insert into rep (external_id, name, email, title, office, currency, hired_on, left_on) values
    ('olga', 'Olga', 'olga@acme.example', 'Vice President', 'East', 'EUR', '2019-01-01', null),
    ('mia', 'Mia', 'mia@acme.example', 'Manager', 'East', 'EUR', '2020-02-01', null),
    ('max', 'Max', null, 'Manager', 'West', 'EUR', '2020-02-01', null),
    ('ana', 'Ana "A" Çelik', 'ana@acme.example', 'Account Executive', 'East', 'EUR', '2021-05-01', null),
    ('bo', E'Bo\\nBack\\\\slash', null, 'Account Executive', 'East', 'EUR', '2022-01-01', '2026-05-01'),
    ('cy', 'Cy', null, 'Account Executive', 'West', 'EUR', '2023-01-01', null),
    (null, 'Dee', null, null, null, 'JPY', null, null);
insert into reporting_line (rep_id, manager_id, effective) values
    (2, 1, '[2020-01-01,)'), (3, 1, '[2020-01-01,)'),
    (4, 3, '[2021-05-01,2026-01-01)'), (4, 2, '[2026-01-01,)'), (5, 2, '[2022-01-01,)'), (6, 3, '[2023-01-01,)');
insert into account (external_id, name, industry, country, parent_id) values
    ('a1', 'Kappa', 'retail', 'PT', null), ('a2', 'Lambda', 'medical', 'DE', 1), (null, 'Mu', null, null, 2);
insert into product (external_id, name, family, list_price, currency) values
    ('p1', 'GTX Basic', 'GTX', 550, 'EUR'), ('p2', 'MG Special', null, null, 'EUR');
insert into opportunity (external_id, name, account_id, product_id, owner_id, stage, forecast_category, probability, amount, currency,
                         opened_on, expected_close_on, closed_on, outcome, revision) values
    ('o1', 'Kappa renews', 1, 1, 4, 'Won', 'CLOSED', 1, 10000, 'EUR', '2026-01-05', '2026-02-01', '2026-01-20', 'WON', 1),
    ('o2', 'Lambda buys', 2, 1, 4, 'Won', 'CLOSED', 1, 5000.5, 'EUR', '2026-01-10', null, '2026-02-14', 'WON', 1),
    ('o3', 'Mu thinks', 3, 2, 5, 'Engaging', 'BEST_CASE', 0.40, 7000, 'EUR', '2026-04-01', '2026-06-30', null, null, null),
    ('o4', 'Kappa leaves', 1, 2, 5, 'Lost', 'OMITTED', 0, null, 'EUR', '2026-02-01', null, '2026-03-01', 'LOST', null),
    (null, 'Nobody knows', null, null, 6, 'Prospecting', 'PIPELINE', 0.125, null, 'EUR', null, null, null, null, null),
    ('o6', 'West wins', 2, 2, 6, 'Won', 'CLOSED', 1, 900, 'EUR', '2026-02-02', null, '2026-02-14', 'WON', 3);
insert into split (opportunity_id, rep_id, role, share) values (2, 4, 'SPLIT', 0.6), (2, 6, 'SPLIT', 0.4), (1, 5, 'OVERLAY', 0.1);
insert into transaction (external_id, kind, opportunity_id, rep_id, account_id, product_id, dated, quantity, amount, margin, currency,
    corrects_id) values
    (null, 'ORDER', 1, null, 1, 1, '2026-01-20', 10, 10000, 4000, 'EUR', null),
    (null, 'ORDER', 2, null, 2, 1, '2026-02-14', 5.50, 5000.5, null, 'EUR', null),
    (null, 'ORDER', 6, null, 2, 2, '2026-02-14', 1, 900, 100, 'EUR', null),
    ('r1', 'REFUND', 1, null, 1, 1, '2026-03-03', -1, -1000, -400, 'EUR', 1),
    ('d1', 'INVOICE', null, 7, null, null, '2026-03-04', 3, 12000, null, 'JPY', null);
insert into measure (name, kind, basis, transaction_kinds, roles, product_ids, product_families, rollup_levels) values
    ('bookings', 'MONEY', 'AMOUNT', '{ORDER,REFUND}', '{DIRECT,SPLIT,OVERLAY,ROLLUP}', '{}', '{}', 2),
    ('boxes', 'UNITS', 'QUANTITY', '{ORDER,REFUND}', '{DIRECT,SPLIT}', '{1,2}', '{boxes}', null);
insert into pay_currency (rep_id, currency, rate, effective) values (7, 'JPY', 190.5, '[2025-01-01,)'), (7, 'GBP', 1, '(,2025-01-01)');
insert into rep_title (rep_id, title, effective) values
    (1, 'Vice President', '[2019-01-01,)'), (2, 'Account Executive', '[2020-02-01,2025-01-01)'), (2, 'Manager', '[2025-01-01,)'),
    (3, 'Manager', '[2020-02-01,)'), (4, 'Account Executive', '[2021-05-01,)'), (5, 'Account Executive', '[2022-01-01,2026-05-01)'),
    (6, 'Account Executive', '[2023-01-01,2026-06-01)'), (6, 'Manager', '[2026-06-01,)');
insert into territory (external_id, name, parent_id) values
    ('eu', 'Europe', null), ('south', 'South', 1), ('north', 'North', 1), (null, 'Elsewhere', null);
insert into territory_rule (territory_id, attribute, accepted) values
    (2, 'COUNTRY', '{PT,ES}'), (3, 'INDUSTRY', '{medical}'), (3, 'COUNTRY', '{DE}');
insert into territory_assignment (territory_id, rep_id, effective) values
    (1, 2, '[2026-01-01,)'), (2, 4, '[2025-01-01,)'), (3, 5, '[2025-01-01,2026-05-01)'), (3, 6, '[2026-06-01,)'), (2, 6, '[2026-03-01,)');
insert into account_territory (account_id, territory_id, effective, by_rule) values
    (1, 2, '[2026-01-01,)', true), (2, 3, '[2026-01-01,)', true), (1, 1, '[2026-04-01,)', false);
"""

SETTINGS = """
insert into fx_rate (base, quote, rate, effective) values
    ('USD', 'EUR', 0.925, '[2026-01-01,2026-02-01)'), ('USD', 'EUR', 0.93000001, '[2026-02-01,)'), ('JPY', 'EUR', 0.0061, '[2026-01-01,)');
insert into crediting_rule (name, role, rep_id, territory_id, product_id, product_family, share, effective) values
    ('South', 'TERRITORY', null, 2, null, null, 0.25, '[2026-01-01,)'),
    ('GTX expert', 'OVERLAY', 6, null, 1, 'GTX', 1, '[2026-01-01,2026-07-01)');
insert into api_key (name, hash, rep_id, grants, created_at, expires_at, revoked_at) values
    ('nightly import', '\\x01', null, '{IMPORT,RUN}', '2026-01-01 08:00+00', '2027-01-01 00:00+00', null),
    ('Ana''s laptop', '\\x02', 4, '{}', '2026-01-02 09:30:00.25+00', null, '2026-02-01 10:00+00');
insert into webhook (name, url, kinds, rep_id, state, created_at) values
    ('payroll', 'https://payroll.example.com/events', '{EarningsPosted,PeriodClosed}', null, 'ENABLED', '2026-01-01 08:00+00'),
    ('Ana''s board', 'https://board.example.com', '{}', 4, 'DISABLED', '2026-01-02 09:30:00.25+00');
insert into webhook_progress (webhook_id, position, ordinal, failures, failing_since, due_at) values
    (1, 1, 0, 2, '2026-01-03 08:00+00', '2026-01-03 08:05+00'), (2, 0, 2147483647, 0, null, '2026-01-02 09:30+00');
insert into webhook_attempt (webhook_id, position, ordinal, number, at, milliseconds, status, problem) values
    (1, 1, 0, 1, '2026-01-03 07:59:30+00', 120, 204, null), (1, 1, 1, 1, '2026-01-03 08:00+00', 45, 503, null),
    (1, 1, 1, 2, '2026-01-03 08:00:05+00', 15000, null, 'no answer within 15 seconds');
insert into target_variable (rep_id, effective, annual) values
    (4, '[2025-01-01,2026-01-01)', 30000), (4, '[2026-01-01,)', 36000.5), (7, '[2026-01-01,)', 4500000);
insert into opening_balance (rep_id, measure_id, effective, credited, earned) values
    (4, 1, '[2025-10-01,2026-01-01)', 21000, 1050.5), (4, 2, '[2025-12-01,2026-01-01)', 12.5, 0),
    (7, 1, '[2025-12-01,2026-01-01)', 90000, 4500);
"""

SELLING = """
update opportunity set list_amount = 12500 where id = 1;
update opportunity set list_amount = 0 where id = 3;
update opportunity set attributes = '[{"name": "channel", "value": "partner"}, {"name": "term", "value": "\\"36\\" months"}]' where id = 1;
update transaction set attributes = '[{"name": "term", "value": "12 months"}]' where id = 2;
insert into stage_change (opportunity_id, position, from_stage, to_stage, outcome, dated) values
    (1, 1, null, 'Won', 'WON', '2026-01-20'), (2, 1, null, 'Won', 'WON', '2026-02-14'), (3, 1, null, 'Prospecting', null, '2026-04-01'),
    (3, 2, 'Prospecting', 'Engaging', null, '2026-04-15'), (5, 1, null, 'Prospecting', null, '2026-05-01'),
    (6, 1, null, 'Engaging', null, '2026-02-02'), (6, 2, 'Engaging', 'Won', 'WON', '2026-02-14');
insert into activity (external_id, rep_id, opportunity_id, account_id, kind, dated, note) values
    ('c1', 4, 1, 1, 'CALL', '2026-01-06', E'Asked for "more"\n\\o/'), (null, 4, 2, 2, 'MEETING', '2026-02-01', null),
    ('c2', 4, 2, 2, 'CALL', '2026-02-28', null), ('c3', 6, 2, null, 'DEMO', '2026-02-03', 'As the expert.'),
    ('c4', 5, null, 3, 'EMAIL', '2026-05-09', null), ('c5', 4, null, null, 'TASK', '2026-03-01', null);
insert into activity_target (rep_id, kind, effective, monthly) values
    (4, 'CALL', '[2026-01-01,2026-03-01)', 2), (4, 'CALL', '[2026-03-01,)', 3), (4, 'DEMO', '[2026-02-15,)', 1),
    (5, 'EMAIL', '[2026-01-01,)', 10);
"""

PERIODS = """
insert into period (name, kind, effective) values
    ('2026', 'YEAR', '[2026-01-01,2027-01-01)'), ('2026-Q1', 'QUARTER', '[2026-01-01,2026-04-01)'),
    ('2026-Q2', 'QUARTER', '[2026-04-01,2026-07-01)');
insert into period (name, kind, effective)
select to_char(starts, 'YYYY-MM'), 'MONTH', daterange(starts::date, (starts + interval '1 month')::date)
from generate_series(timestamp '2026-01-01', timestamp '2026-12-01', interval '1 month') as starts order by starts;
"""

CREDITS = """
insert into credit (transaction_id, opportunity_id, rep_id, role, measure_id, source_rep_id, dated, share, amount, units, currency,
                    made_position, superseded_position, sold_amount, sold_currency, fx_rate) values
    (1, 1, 4, 'DIRECT', 1, null, '2026-01-20', 1, 10000, 10, 'EUR', 1, null, 10000, 'EUR', 1),
    (1, 1, 4, 'DIRECT', 2, null, '2026-01-20', 1, 10000, 10, 'EUR', 1, null, 10000, 'EUR', 1),
    (1, 1, 5, 'OVERLAY', 1, null, '2026-01-20', 0.1, 1000, 1, 'EUR', 1, null, 1000, 'EUR', 1),
    (1, 1, 2, 'ROLLUP', 1, 4, '2026-01-20', 1, 10000, 10, 'EUR', 1, null, 10000, 'EUR', 1),
    (2, 2, 4, 'DIRECT', 1, null, '2026-02-14', 1, 5000.5, 5.5, 'EUR', 1, 2, 5000.5, 'EUR', 1),
    (2, 2, 4, 'SPLIT', 1, null, '2026-02-14', 0.6, 3000.3, 3.3, 'EUR', 2, null, 3000.3, 'EUR', 1),
    (2, 2, 6, 'SPLIT', 1, null, '2026-02-14', 0.4, 2000.2, 2.2, 'EUR', 2, null, 2000.2, 'EUR', 1),
    (3, 6, 6, 'DIRECT', 1, null, '2026-02-14', 1, 900, 1, 'EUR', 2, null, 900, 'EUR', 1),
    (4, 1, 4, 'DIRECT', 1, null, '2026-01-20', 1, -1000, -1, 'EUR', 2, null, -1000, 'EUR', 1),
    (5, null, 7, 'DIRECT', 1, null, '2026-03-04', 1, 12000, 3, 'JPY', 2, null, 12000, 'JPY', 1);
insert into credited (rep_id, measure_id, period_id, value, position) values
    (4, 1, 4, 9000, 2), (4, 2, 4, 10, 1), (5, 1, 4, 1000, 1), (2, 1, 4, 10000, 1),
    (4, 1, 5, 3000.3, 2), (6, 1, 5, 2900.2, 2), (7, 1, 6, 12000, 2);
insert into quota (rep_id, measure_id, effective, value, full_value, proration) values
    (4, 1, '[2026-01-01,2026-04-01)', 18000, 18000, 'NONE'), (4, 1, '[2026-04-01,2026-07-01)', 9100, 9100, 'NONE'),
    (6, 1, '[2026-01-01,2026-02-01)', 3000, 4000, 'DAYS'),
    (4, 2, '[2026-01-01,2026-02-01)', 7.5, 7.5, 'NONE');
insert into quota_part (rep_id, measure_id, period_id, quota_id, value, full_value, rate, says) values
    (4, 1, 4, 1, 6000, 6000, 1, '2026-01'), (4, 1, 5, 1, 6000, 6000, 1, '2026-02'), (4, 1, 6, 1, 6000, 6000, 1, '2026-03'),
    (4, 1, 7, 2, 3100, 3100, 1, '2026-04'), (4, 1, 8, 2, 3000, 3000, 1, '2026-05'), (4, 1, 9, 2, 3000, 3000, 1, '2026-06'),
    (6, 1, 4, 3, 3000, 4000, 0.75, '2026-01: 75 % in month 3 of the ramp'), (4, 2, 4, 4, 7.5, 7.5, 1, '2026-01');
"""

PLANS = """
insert into plan (name) values ('Field 2026'), ('Unused');
insert into plan_version (plan_id, version, state, effective, document, published_position) values
    (1, 1, 'DRAFT', '[2026-01-01,2026-04-01)', null, null), (1, 2, 'DRAFT', '[2026-04-01,)', 'Be brave.', null),
    (2, 1, 'DRAFT', '[2026-01-01,)', null, null);
insert into component (plan_id) values (1), (1), (2);
insert into component_version (component_id, plan_version_id, ordinal, name, incentive_type, measure_id, window_kind, quota_basis,
    config) values
    (1, 1, 1, 'base', 'Flat', 1, 'PERIOD', 'FULL_WINDOW', '{"rate": "0.05"}'),
    (2, 1, 2, 'boxes', 'Steps', 2, 'QUARTER_TO_DATE', 'TO_DATE',
     '{"basis": "GROSS", "steps": [{"above": "0", "rate": "0.1"}, {"above": "1", "rate": "0.2"}], "cap": null}'),
    (1, 2, 1, 'base', 'Flat', 1, 'PERIOD', 'FULL_WINDOW', '{"rate": "0.06"}'),
    (2, 2, 2, 'gone', 'Forgotten', 1, 'YEAR_TO_DATE', 'FULL_WINDOW', '{"anything": [1, "two"]}'),
    (3, 3, 1, 'base', 'Flat', 1, 'PERIOD', 'FULL_WINDOW', '{"rate": "0.01"}');
update plan_version set state = 'PUBLISHED', published_position = 3 where plan_id = 1;
insert into plan_assignment (plan_id, rep_id, effective) values (1, 4, '[2026-01-01,)'), (1, 6, '[2026-01-01,2026-03-01)');
insert into plan_title (plan_id, title, effective) values (1, 'Manager', '[2024-07-01,2026-07-01)'), (2, 'Vice President', '[2026-01-01,)');
"""

PAY = """
insert into run (period_id, state, position, shards, shards_done, started_by, excluded) values
    (4, 'POSTED', 3, 1, 1, 'administrator', '{}'), (5, 'CALCULATED', 5, 2, 1, 'administrator', '{7}'),
    (5, 'POSTED', 4, 1, 1, 'administrator', '{}');
insert into goal (rep_id, period_id, name, description, weight, achieved)
select given.rep_id, period.id, given.name, given.description, given.weight, given.achieved
from (values (4, '2026-Q1', 'Reference', E'A "letter" from\nKappa', 0.4, null), (4, '2026-01', 'Forecast', null, 0.6, 0.85),
             (4, '2026-02', 'Forecast', null, 0.6, 1.25), (5, '2026-01', 'Coaching', null, 1, 1))
     as given (rep_id, period, name, description, weight, achieved)
join period on period.name = given.period;
insert into run_evaluation (run_id, rep_id, component_id, span, shard, reads_from, through, position, evaluated) values
    (1, 4, 1, '[2026-01-01,2026-02-01)', 0, '2026-01-01', '2026-02-01', 3, 'DONE'),
    (2, 4, 1, '[2026-02-01,2026-03-01)', 0, '2026-02-01', '2026-03-01', 4, 'DONE'),
    (2, 4, 1, '[2026-01-01,2026-02-01)', 0, '2026-01-01', '2026-03-01', 4, 'DONE'),
    (2, 6, 1, '[2026-02-01,2026-03-01)', 1, '2026-02-01', '2026-03-01', 4, 'FAILED');
insert into posting (position, run_id, period_id, note) values (4, 1, 4, 'first'), (5, 3, 5, null);
insert into earning (posting_id, rep_id, component_id, kind, span, key, period_id, amount, currency, steps, position) values
    (1, 4, 1, 'EARNED', '[2026-01-01,2026-02-01)', 'commission', 4, 500, 'EUR',
     '[{"says": "5 % of \\"all\\"", "base": "10000", "rate": "0.05", "amount": "500"}]', 4),
    (2, 4, 1, 'CORRECTION', '[2026-01-01,2026-02-01)', 'commission', 5, -600, 'EUR',
     '[{"says": "total now", "base": "-100", "rate": "1", "amount": "-100"}, {"says": "booked before", "base": "500", "rate": "-1",
     "amount": "-500"}]', 5),
    (2, 4, 2, 'EARNED', '[2026-01-01,2026-04-01)', 'boxes', 5, 25.5, 'EUR', '[]', 5),
    (2, 6, 1, 'EARNED', '[2026-02-01,2026-03-01)', 'commission', 5, 145.01, 'EUR', '[]', 5);
insert into earning_credit (earning_id, transaction_id, role, amount) values (1, 1, 'DIRECT', 500), (2, 4, 'DIRECT', -600),
    (4, 2, 'SPLIT', 145.01);
insert into earned (rep_id, period_id, component_id, currency, amount, position) values
    (4, 4, 1, 'EUR', 500, 4), (4, 5, 1, 'EUR', -600, 5), (4, 5, 2, 'EUR', 25.5, 5), (6, 5, 1, 'EUR', 145.01, 5);
insert into adjustment (rep_id, period_id, reason, note, amount, currency, position) values
    (4, 7, 'GOODWILL', E'For the \\"fair\\".', 100, 'EUR', 5), (4, 7, 'DATA_ERROR', 'Paid twice.', -25.25, 'EUR', 5),
    (7, 7, 'GUARANTEE', 'The first spring.', 15000, 'JPY', 5);
insert into run_line (run_id, rep_id, component_id, span, key, currency, amount, steps, credits) values
    (1, 4, 1, '[2026-01-01,2026-02-01)', 'commission', 'EUR', 500, '[]', '[]'),
    (2, 4, 1, '[2026-02-01,2026-03-01)', 'commission', 'EUR', 150.02,
     '[{"says": "5 %", "base": "3000.3", "rate": "0.05", "amount": "150.015"}]', '[]');
insert into run_problem (run_id, rep_id, component_id, span, code, message) values
    (2, 6, 1, '[2026-02-01,2026-03-01)', 'PLUGIN_FAILED', 'acme-plans 1.0: base failed for Cy: division by zero');
insert into payment (rep_id, period_id, kind, amount, currency, position) values (4, 4, 'PAID', 500, 'EUR', 6);
insert into payout (period_id, state, prepared_position, approved_position) values (4, 'APPROVED', 5, 5);
insert into payout_line (payout_id, payment_id) values (1, 1);
insert into acknowledgement (rep_id, period_id, position) values (4, 4, 5);
insert into draw (rep_id, effective, kind, monthly, currency, prorated, recovery_starts, recovery_share, forgiven_on, protected) values
    (6, '[2026-02-15,2026-04-01)', 'RECOVERABLE', 280, 'EUR', true, '2026-03-01', 0.5, null, '{2}'),
    (6, '[2026-04-01,)', 'RECOVERABLE_THEN_FORGIVEN', 300, 'EUR', false, null, 1, '2026-12-31', '{1,2}'),
    (7, '[2026-01-01,)', 'NON_RECOVERABLE', 100000, 'JPY', true, null, 1, null, '{}');
insert into hold (rep_id, component_id, opportunity_id, release, releases_on, reason, placed_position, released_position, release_note)
values
    (null, null, 2, 'BY_CASH', null, 'Paid when cash is received.', 4, null, null),
    (null, 2, null, 'BY_EVENT', '2026-03-31', E'The "boxes" are counted.', 4, null, null),
    (6, null, null, 'BY_EVENT', null, 'A complaint.', 4, 5, 'Unfounded.');
update period set state = 'CLOSED', closed_position = 6 where name = '2026-01';
insert into estimate (rep_id, period_id, currency, amount, position, problem) values
    (4, 4, 'EUR', 500, 5, null), (4, 5, 'EUR', -574.5, 5, null), (4, 6, 'EUR', 0, 6, 'base of Ana: "no" luck'),
    (6, 5, 'EUR', 145.01, 4, null);
insert into estimate_part (rep_id, period_id, component_id, amount, lines) values
    (4, 5, 2, 25.5, '[]'),
    (4, 5, 1, -600, '[{"window": {"starts": "2026-01-01", "ends": "2026-02-01"}, "key": "commission",
      "amount": {"amount": "-600.00", "currency": "EUR"},
      "steps": [{"says": "5 % of \\"all\\"", "base": "-2000", "rate": "0.05", "amount": "-100"},
                {"says": "booked in other pay periods", "base": "-500.00", "rate": "1", "amount": "-500.00"}]}]');
insert into estimate_due (rep_id, period_id, position) values (6, 5, 6);
"""

EVENTS = """
insert into event (position, ordinal, kind, rep_id, payload) values
    (2, 0, 'AttainmentChange', 4, '{"rep": {"id": "rep_4", "externalId": "ana", "name": "Ana", "title": null}, "measure": "bookings",
        "period": {"id": "period_4", "name": "2026-01", "kind": "MONTH", "starts": "2026-01-01", "ends": "2026-02-01"},
        "credited": {"value": "9000.00", "unit": "EUR"}, "quota": {"value": "6000.00", "unit": "EUR"}, "ratio": "1.500000"}'),
    (2, 1, 'AttainmentChange', 7, '{"rep": {"id": "rep_7", "externalId": null, "name": "Dee", "title": null}, "measure": "bookings",
        "period": {"id": "period_6", "name": "2026-03", "kind": "MONTH", "starts": "2026-03-01", "ends": "2026-04-01"},
        "credited": {"value": "12000", "unit": "JPY"}, "quota": null, "ratio": null}'),
    (2, 2, 'OpportunityMoved', 6, '{"opportunity": {"id": "opportunity_6", "externalId": "o6", "name": "West wins"},
        "owner": {"id": "rep_6", "externalId": "cy", "name": "Cy", "title": "Account Executive"},
        "fromStage": null, "toStage": "Won", "outcome": "WON", "amount": {"amount": "900.00", "currency": "EUR"}}'),
    (4, 0, 'EarningsPosted', 4, '{"rep": {"id": "rep_4", "externalId": "ana", "name": "Ana", "title": null}, "posting": "posting_1",
        "period": {"id": "period_4", "name": "2026-01", "kind": "MONTH", "starts": "2026-01-01", "ends": "2026-02-01"},
        "amount": {"amount": "500.00", "currency": "EUR"}}'),
    (4, 1, 'RunProgress', null, '{"run": "run_1", "state": "POSTED", "shards": 1, "shardsDone": 1}'),
    (6, 0, 'PeriodClosed', null, '{"period": {"id": "period_4", "name": "2026-01", "kind": "MONTH", "starts": "2026-01-01",
    "ends": "2026-02-01"}}');
insert into event (position, ordinal, kind, rep_id, payload)
select 6, told.ordinal, told.kind, 6, told.payload
    || '{"rep": {"id": "rep_6", "externalId": "cy", "name": "Cy", "title": "Account Executive"},
    "period": {"id": "period_5", "name": "2026-02", "kind": "MONTH", "starts": "2026-02-01", "ends": "2026-03-01"}}'
from (values
    (1, 'DisputeOpened', '{"dispute": "dispute_2", "about": "opportunity_2", "state": "OPEN"}'::jsonb),
    (2, 'DisputeResolved', '{"dispute": "dispute_2", "about": "opportunity_2", "state": "REJECTED"}'),
    (3, 'EarningAdjusted', '{"adjustment": "adjustment_6", "reason": "OTHER", "amount": {"amount": "12.00", "currency": "EUR"}}'),
    (4, 'EstimateChange', '{"total": {"amount": "145.01", "currency": "EUR"}, "reflects": "4", "problem": null, "byComponent":
        [{"component": "component_1", "name": "base", "amount": {"amount": "145.01", "currency": "EUR"}}]}'),
    (5, 'EstimateChange', '{"total": null, "reflects": "5", "problem": "base of Cy: no \\"luck\\"", "byComponent": []}'),
    (6, 'PlanAccepted', '{"plan": "Field 2026", "planVersion": "version_2", "version": 2}'),
    (7, 'StatementPaid', '{"amount": {"amount": "145.01", "currency": "EUR"}}')
) as told (ordinal, kind, payload);
insert into event (position, ordinal, kind, rep_id, payload) values
    (6, 8, 'WebhookDisabled', null, '{"webhook": "webhook_2", "name": "Ana''s board", "attempts": 12, "problem": "answered 410"}');
"""

# Ana accepted the text of the second version of her plan, Cy did not; both say what they think of the first.
AGREED = """
insert into plan_acceptance (plan_version_id, rep_id, document_hash, position) values (2, 4, encode(sha256('Be brave.'), 'hex'), 6);
insert into plan_feedback (plan_version_id, rep_id, score, comment, position) values
    (1, 4, 9, E'Fair, and "simple"', 6), (1, 6, 6, null, 6), (2, 4, 2, 'Brave?', 6);
insert into adjustment (rep_id, period_id, reason, note, amount, currency, position, pending) values
    (4, 8, 'GUARANTEE', 'Approved.', 10, 'EUR', 6, true), (4, 8, 'OTHER', 'Declined.', 11, 'EUR', 6, true),
    (6, 8, 'OTHER', 'Pending.', 12, 'EUR', 6, true);
insert into adjustment_decision (adjustment_id, period_id, approved, note, position) values
    (4, 8, true, null, 6), (5, 8, false, 'Not agreed.', 6);
insert into dispute (rep_id, earning_id, opportunity_id, says, state, answer, opened_position, resolved_position) values
    (4, 3, null, E'Boxes were 60.\nI "counted".', 'OPEN', null, 6, null), (6, null, 2, 'Half was agreed.', 'REJECTED',
    'It was 40 %.', 6, 6);
insert into run_plugin (run_id, incentive_type, package, version) values (1, 'Flat', 'acme-plans', '1.0'), (2, 'Flat', 'acme-plans', '1.1');
update run set state = 'APPROVED', approved_by = 'checker' where id = 2;
"""

STEPS = (
    ("create company", FACTS + SETTINGS + SELLING),
    ("periodsCreate", PERIODS),
    ("credit", CREDITS),
    ("planPublish", PLANS),
    ("runPost", PAY),
    ("tell", EVENTS + AGREED),
)


TICK = """
with taken as (update clock set position = position + 1 returning position)
insert into tick (position, at, actor, action)
select position, timestamptz '2026-05-01 08:00:00.25+00' + position * interval '1 day', 'administrator', $1 from taken
returning set_config('spm.position', position::text, true), set_config('spm.audited', '0', true)
"""
"""What `spm_tick` does, at moments that are always the same."""


async def filled(database: Database) -> Database:
    """Write the company, a tick for each step, and let it be 10 May 2026."""
    database.today = lambda: TODAY
    async with database.pool.acquire() as connection:
        for action, statements in STEPS:
            async with connection.transaction():
                await connection.execute(TICK, action)
                await connection.execute(statements)
        # Counted, few reps are few, and whoever sees them has their rows looked up. Not counted, there might be none at all.
        await connection.execute("analyze rep")
    return database
