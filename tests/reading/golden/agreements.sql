select concat('{"plan":', coalesce(
(select concat('{"versions":[', 
(select string_agg(concat('{"version":', t2.version, ',"documentHash":', coalesce((to_json(encode(sha256(convert_to(t2.document, 'UTF8')), 'hex')))::text, 'null'), ',"acceptance":{"asked":', (
    select count(*) from (
        select rep.id, 
(select accepted.id from plan_acceptance as accepted
                        where accepted.plan_version_id = t2.id and accepted.rep_id = rep.id) as acceptance_id
        from rep
        where true and exists (
            select from plan_version as version
            join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
            where version.id = t2.id and version.state <> 'DRAFT' and membership.rep_id = rep.id)
    ) as member
), ',"accepted":', (
    select count(member.acceptance_id) from (
        select rep.id, 
(select accepted.id from plan_acceptance as accepted
                        where accepted.plan_version_id = t2.id and accepted.rep_id = rep.id) as acceptance_id
        from rep
        where true and exists (
            select from plan_version as version
            join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
            where version.id = t2.id and version.state <> 'DRAFT' and membership.rep_id = rep.id)
    ) as member
), '},"acceptances":', 
(select concat('{"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t4.name), '}') from rep as t4 where t4.id = t3.rep_id), 'null'), ',"accepted":', ((t3.position is not null))::text, ',"documentHash":', coalesce((to_json(t3.document_hash))::text, 'null'), ',"position":', case when t3.position is null then 'null' else concat('"', t3.position, '"') end, '}'), ','), '],"totalCount":', (
(select count(*) from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t2.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t2.id and accepted.rep_id = member.rep_id
) as t5 where true)), '}') from 
(select t3.rep_id, t3.position, t3.document_hash from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t2.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t2.id and accepted.rep_id = member.rep_id
) as t3 where true order by t3.rep_id limit 20) as t3 having true), ',"open":', 
(select concat('{"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t7.name), '}') from rep as t7 where t7.id = t6.rep_id), 'null'), '}'), ','), ']}') from 
(select t6.rep_id from (
    select member.rep_id, accepted.document_hash, accepted.position
    from (
        select distinct membership.rep_id
        from plan_version as version
        join plan_membership as membership on membership.plan_id = version.plan_id and membership.effective && version.effective
        where version.id = t2.id and version.state <> 'DRAFT'
    ) as member
    left join plan_acceptance as accepted on accepted.plan_version_id = t2.id and accepted.rep_id = member.rep_id
) as t6 where true and ((t6.position is not null) = $1::boolean) order by t6.rep_id limit 20) as t6 having true), ',"feedback":{"count":', 
(select count(*) from plan_feedback as said where said.plan_version_id = t2.id), ',"promoters":', 
(select count(*) filter (where said.score >= 9) from plan_feedback as said where said.plan_version_id = t2.id), ',"passives":', 
(select count(*) filter (where said.score between 7 and 8) from plan_feedback as said where said.plan_version_id = t2.id), ',"detractors":', 
(select count(*) filter (where said.score <= 6) from plan_feedback as said where said.plan_version_id = t2.id), ',"netPromoterScore":', case when ratio_text(
(select 100.0 * (count(*) filter (where said.score >= 9) - count(*) filter (where said.score <= 6)) / nullif(count(*), 0) from plan_feedback as said where said.plan_version_id = t2.id)) is null then 'null' else concat('"', ratio_text(
(select 100.0 * (count(*) filter (where said.score >= 9) - count(*) filter (where said.score <= 6)) / nullif(count(*), 0) from plan_feedback as said where said.plan_version_id = t2.id)), '"') end, ',"average":', case when ratio_text(
(select avg(said.score) from plan_feedback as said where said.plan_version_id = t2.id)) is null then 'null' else concat('"', ratio_text(
(select avg(said.score) from plan_feedback as said where said.plan_version_id = t2.id)), '"') end, ',"mine":', coalesce(
(select concat('{"score":', t8.score, '}') from plan_feedback as t8 where t8.plan_version_id = t2.id and t8.rep_id = $2::bigint), 'null'), ',"comments":', 
(select concat('{"nodes":[', string_agg(concat('{"rep":', coalesce(
(select concat('{"name":', to_json(t10.name), '}') from rep as t10 where t10.id = t9.rep_id), 'null'), ',"score":', t9.score, ',"comment":', coalesce((to_json(t9.comment))::text, 'null'), '}'), ','), ']}') from 
(select t9.rep_id, t9.score, t9.comment from plan_feedback as t9 where t9.plan_version_id = t2.id order by t9.rep_id limit 20) as t9 having true), '}}'), ',' order by t2.version) from plan_version as t2 where t2.plan_id = t1.id), ']}') from plan as t1 where t1.id = $3::bigint), 'null'), ',"adjustments":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"adjustment_', t11.id, '","state":"', case when not t11.pending then 'BOOKED' else coalesce(
(select case when decision.approved then 'BOOKED' else 'DECLINED' end from adjustment_decision as decision where decision.adjustment_id = t11.id), 'PENDING') end, '","rep":', coalesce(
(select concat('{"name":', to_json(t12.name), '}') from rep as t12 where t12.id = t11.rep_id), 'null'), ',"amount":{"amount":"', money_text(t11.amount, t11.currency), '"},"note":', to_json(t11.note), ',"decision":', coalesce(
(select concat('{"approved":', (t13.approved)::text, ',"note":', coalesce((to_json(t13.note))::text, 'null'), ',"actor":', to_json(
(select tick.actor from tick where tick.position = t13.position)), '}') from adjustment_decision as t13 where t13.adjustment_id = t11.id), 'null'), '}'), ','), ']}') from 
(select t11.id, t11.pending, t11.rep_id, t11.amount, t11.currency, t11.note from adjustment as t11 where true order by t11.id desc limit 20) as t11 having true), ',"waiting":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"adjustment_', t14.id, '"}'), ','), ']}') from 
(select t14.id from adjustment as t14 where true and ((t14.pending and not exists 
(select from adjustment_decision as decision where decision.adjustment_id = t14.id)) = $4::boolean) order by t14.id desc limit 20) as t14 having true), ',"hers":{"totalCount":', (
(select count(*) from adjustment as t16 where true and (t16.rep_id = 
(select id from rep where external_id = $5::text)) and ((t16.pending and not exists 
(select from adjustment_decision as decision where decision.adjustment_id = t16.id)) = $6::boolean))), '},"disputes":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"dispute_', t17.id, '","rep":', coalesce(
(select concat('{"name":', to_json(t18.name), '}') from rep as t18 where t18.id = t17.rep_id), 'null'), ',"earning":', coalesce(
(select concat('{"id":"earning_', t19.id, '"}') from earning as t19 where t19.id = t17.earning_id), 'null'), ',"opportunity":', coalesce(
(select concat('{"name":', to_json(t20.name), '}') from opportunity as t20 where t20.id = t17.opportunity_id), 'null'), ',"says":', to_json(t17.says), ',"state":"', t17.state, '","answer":', coalesce((to_json(t17.answer))::text, 'null'), ',"resolvedBy":', coalesce((to_json(
(select tick.actor from tick where tick.position = t17.resolved_position)))::text, 'null'), '}'), ','), ']}') from 
(select t17.id, t17.rep_id, t17.earning_id, t17.opportunity_id, t17.says, t17.state, t17.answer, t17.resolved_position from dispute as t17 where true order by t17.id desc limit 20) as t17 having true), ',"open":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"dispute_', t21.id, '"}'), ','), ']}') from 
(select t21.id from dispute as t21 where true and (t21.rep_id = 
(select id from rep where external_id = $7::text)) and (t21.state = $8::text) order by t21.id desc limit 20) as t21 having true), ',"about":', 
(select concat('{"nodes":[', string_agg(concat('{"id":"dispute_', t22.id, '"}'), ','), ']}') from 
(select t22.id from dispute as t22 where true and (t22.opportunity_id = 
(select id from opportunity where external_id = $9::text)) order by t22.id desc limit 20) as t22 having true), ',"company":', coalesce(
(select concat('{"makerChecker":', (t23.maker_checker)::text, '}') from company as t23 where true), 'null'), ',"run":', coalesce(
(select concat('{"state":"', t24.state, '","approvedBy":', coalesce((to_json(t24.approved_by))::text, 'null'), ',"pluginChanges":[', 
(select string_agg(concat('{"incentiveType":', to_json(t25.incentive_type), ',"package":', to_json(t25.package), ',"versionBefore":', to_json(t25.version_before), ',"versionNow":', to_json(t25.version_now), ',"reps":', t25.reps, ',"difference":{"amount":"', money_text(t25.difference, t25.currency), '","currency":', to_json(t25.currency), '}}'), ',' order by t25.incentive_type, t25.version_before, t25.currency) from (
    select incentive_type, package, version_before, version_now, currency, sum(difference) as difference, count(distinct rep_id) as reps
    from plugin_change where run_id = t24.id group by incentive_type, package, version_before, version_now, currency
) as t25 where true), ']}') from run as t24 where t24.id = $10::bigint), 'null'), '}')
