-- How names are searched for their words. It stands before the tables, whose indexes are over it.

-- Letters count without their accents, and as small ones where the database's own collation does not know so much: embedded, that is C.
-- What joins words in a name is a space, so that 2026 is a word of Renewal-2026 and Initech one of Globex/Initech.
create function words_of(name text) returns tsvector language sql immutable parallel safe as $$
    select to_tsvector('simple', translate(
        regexp_replace(normalize(name, NFD), '[\u0300-\u036f]', '', 'g'),
        'ØøŁłĐđıÆŒÞАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩς/\''-_.,:;@+',
        'oollddiæœþабвгдежзийклмнопрстуфхцчшщъыьэюяαβγδεζηθικλμνξοπρστυφχψωσ           '))
$$;

-- What a search asks for: each of its words, or one that begins so. No words find nothing. A word is asked for by itself, too: of those
-- that begin so, PostgreSQL knows nothing but that they are one in fifty, of a word that is in every name it knows that.
create function words_query(given text) returns tsquery language sql immutable parallel safe as $$
    select coalesce(string_agg(format('(''%s'':* | ''%1$s'')', word), ' & '), '')::tsquery from unnest(tsvector_to_array(words_of(given))) as word
$$;
