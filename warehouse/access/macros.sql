-- What an analyst can call in the published file. Each is a table: select * from indicator('beds_per_1k', year := 2022).
-- They read the marts of the file that they stand in: open it by itself, or `use` it where it is attached.

-- The code of an indicator, from the code itself or its name; what nothing is called is an error that names the nearest.
create or replace macro indicator_code_of(words) as (
    select
        coalesce(
            any_value(known.indicator_code) filter (where words in (known.indicator_code, known.name_zh, known.name_en)),
            error(
                'no indicator is called ' || words || '; the nearest are '
                || array_to_string(
                    max_by(
                        known.indicator_code || ' ' || known.name_zh,
                        contains(known.name_zh, words)::integer
                        + greatest(
                            jaro_winkler_similarity(known.indicator_code, words), jaro_winkler_similarity(known.name_zh, words)
                        ),
                        3
                    ),
                    ', '
                )
            )
        )
    from marts.dim_indicator as known
);

create or replace macro indicator(code, year := null, area := null) as table
    select
        ref_area,
        region_name,
        period_year,
        period_key,
        value,
        unit,
        is_disputed,
        is_baseline,
        is_corrected,
        fact_id
    from marts.indicator_by_region_period
    where
        indicator_code = indicator_code_of(code)
        and subgroup = ''
        and freq = 'A'
        and (year is null or period_year = year)
        and (
            area is null or ref_area = area or region_name = area
            or ref_area in (select region.ref_area from marts.dim_region as region where list_contains(region.former_names, area))
        )
    order by ref_area, period_year;

create or replace macro series(region, code) as table
    select
        ref_area,
        region_name,
        period_year,
        value,
        unit,
        segment,
        is_break,
        break_zh,
        break_en,
        stated_region_name,
        publisher,
        is_disputed,
        fact_id
    from marts.harmonised_series
    where
        (
            ref_area = region or stated_ref_area = region or region_name = region or stated_region_name = region
            or stated_ref_area in (select place.ref_area from marts.dim_region as place where list_contains(place.former_names, region))
        )
        and indicator_code = indicator_code_of(code)
        and subgroup = ''
        and is_in_series
    order by ref_area, period_year;

create or replace macro provenance(fact) as table
    select
        facts.fact_id,
        coalesce(observations.value, facts.value) as value,
        facts.unit,
        facts.quote,
        documents.text[greatest(facts.char_start - 60, 0) + 1 : facts.char_start]
        || '[' || documents.text[facts.char_start + 1 : facts.char_end] || ']'
        || documents.text[facts.char_end + 1 : facts.char_end + 60] as in_its_words,
        documents.title,
        documents.publisher,
        documents.published_on,
        documents.url,
        facts.char_start,
        facts.char_end,
        facts.confidence,
        facts.value as stated_value,
        coalesce(observations.correction_id, '') as correction_id,
        -- Why the figure is in no mart of values; empty where it is.
        coalesce(kept_out.rules, []) as kept_out_by
    from staging.facts as facts
    inner join staging.documents as documents on facts.document_id = documents.document_id
    left join marts.fct_observation as observations on facts.fact_id = observations.fact_id
    left join (
        select
            issue.fact_id,
            list(issue.rule order by issue.rule) as rules
        from marts.data_quality_issue as issue
        where issue.is_kept_out and starts_with(issue.fact_id, fact)
        group by issue.fact_id
    ) as kept_out on facts.fact_id = kept_out.fact_id
    where starts_with(facts.fact_id, fact);

-- BM25 (k1 = 1.2, b = 0.75) over the words that jieba found in titles and texts. The words of the question are those of the index
-- that stand in it, so the question needs no segmentation of its own.
create or replace macro search(words, area := null) as table
    with asked as (

        select
            term,
            document_count
        from search.terms
        where contains(lower(words), term)

    ),

    totals as (

        select
            count(*) as document_count,
            avg(length) as mean_length
        from search.documents

    ),

    scored as (

        select
            postings.document_id,
            sum(
                ln(1 + (totals.document_count - asked.document_count + 0.5) / (asked.document_count + 0.5))
                * postings.frequency * 2.2
                / (postings.frequency + 1.2 * (0.25 + 0.75 * lengths.length / totals.mean_length))
            ) as score,
            list(asked.term order by length(asked.term) desc, asked.term) as found
        from asked
        inner join search.postings as postings on asked.term = postings.term
        inner join search.documents as lengths on postings.document_id = lengths.document_id
        cross join totals
        group by postings.document_id

    ),

    placed as (

        select
            scored.*,
            documents.title,
            documents.publisher,
            documents.ref_area,
            documents.published_on,
            documents.url,
            documents.text,
            contains(lower(documents.text), lower(words)) as is_phrase,
            greatest(
                strpos(lower(documents.text), if(contains(lower(documents.text), lower(words)), lower(words), scored.found[1])), 1
            ) as place
        from scored
        inner join staging.documents as documents on scored.document_id = documents.document_id

    )

    select
        document_id,
        title,
        publisher,
        ref_area,
        published_on,
        round(score, 4) as score,
        is_phrase,
        found,
        text[greatest(place - 30, 1) : place + 60] as excerpt,
        url
    from placed
    where area is null or ref_area = area
    order by is_phrase desc, score desc, document_id;
