-- The staging tables: what the pipeline writes and everything else is built from.
-- A column may be added freely; none is ever renamed. Empty is '' for text, NULL for numbers and dates.
create schema if not exists staging;

create table if not exists staging.documents (
    document_id varchar primary key,
    source_id varchar not null,
    url varchar not null,
    file_name varchar not null,
    media_type varchar not null,
    raw_sha256 varchar not null,
    fetched_at timestamptz not null,
    title varchar not null,
    publisher varchar not null,
    index_number varchar not null,
    document_number varchar not null,
    published_on date,
    report_kind varchar not null,
    ref_area varchar not null,
    ref_area_candidates varchar[] not null,
    period_start date,
    period_end date,
    text varchar not null,
    evidence varchar not null,
    parser_version varchar not null,
    -- Of the facts that are loaded with the document; '' when the extractor rejected it.
    extractor_version varchar not null default ''
);

create table if not exists staging.facts (
    fact_id varchar primary key,
    document_id varchar not null,
    char_start integer not null,
    char_end integer not null,
    quote varchar not null,
    number_text varchar not null,
    value double,
    value_max double,
    unit varchar not null,
    comparator varchar not null,
    role varchar not null,
    indicator_text varchar not null,
    indicator_code varchar not null,
    subgroup varchar not null,
    entity varchar not null,
    ref_area varchar not null,
    period_start date,
    period_end date,
    quality_flags varchar[] not null,
    repaired_value double,
    confidence double not null,
    evidence varchar not null,
    extractor_version varchar not null
);

create table if not exists staging.rejects (
    source_id varchar not null,
    url varchar not null,
    file_name varchar not null,
    stage varchar not null,
    reason varchar not null,
    detail varchar not null,
    occurred_at timestamptz not null
);

-- Where a document's words were found: the address it is loaded from, and others that say the same.
create table if not exists staging.document_addresses (
    document_id varchar not null,
    source_id varchar not null,
    url varchar not null,
    file_name varchar not null,
    raw_sha256 varchar not null,
    fetched_at timestamptz not null,
    -- The address answers no more; what was archived stays.
    is_gone boolean not null default false
);

-- The corrections of `warehouse/corrections/*.yaml`, as they stood when the marts were last built.
create table if not exists staging.corrections (
    correction_id varchar primary key,
    url varchar not null,
    file_name varchar not null,
    action varchar not null,
    indicator_code varchar not null,
    number_text varchar not null,
    sentence varchar not null,
    right_value double,
    wrong varchar not null,
    wrong_zh varchar not null,
    reason varchar not null,
    reason_zh varchar not null,
    evidence varchar not null,
    evidence_zh varchar not null,
    author varchar not null,
    added_on date not null
);
