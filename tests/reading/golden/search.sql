select concat('{"reps":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t1.name), '}'), ','), ']}') from 
(select t1.name from rep as t1 where true and (words_of(t1.name) @@ words_query($1::text) and t1.name || '' = t1.name) order by t1.name, t1.id limit 20) as t1 having true), ',"accounts":', 
(select concat('{"nodes":[', string_agg(concat('{"name":', to_json(t2.name), '}'), ','), ']}') from 
(select t2.name from account as t2 where true and (words_of(t2.name) @@ words_query($2::text) and t2.name || '' = t2.name) order by t2.name, t2.id limit 20) as t2 having true), ',"opportunities":', 
(select concat('{"totalCount":', (
(select count(*) from opportunity as t4 where true and (words_of(t4.name) @@ words_query($3::text) and t4.name || '' = t4.name) and (((t4.outcome = $4::text)) or (((((t4.amount is not null) = $5::boolean)) is not true))))), ',"nodes":[', string_agg(concat('{"name":', to_json(t3.name), ',"outcome":', case when t3.outcome is null then 'null' else concat('"', t3.outcome, '"') end, '}'), ','), ']}') from 
(select t3.name, t3.outcome from opportunity as t3 where true and (words_of(t3.name) @@ words_query($3::text) and t3.name || '' = t3.name) and (((t3.outcome = $4::text)) or (((((t3.amount is not null) = $5::boolean)) is not true))) order by t3.id limit 20) as t3 having true), '}')
