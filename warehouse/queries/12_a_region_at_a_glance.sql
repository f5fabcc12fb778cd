-- What do we know of each place and year at a glance?
-- 各地各年的主要指标一览？
select
    profile.full_name,
    profile.period_year,
    profile.indicator_count,
    profile.population_resident,
    profile.births,
    profile.maternal_system_management_rate,
    profile.infant_mortality_rate,
    profile.hypertension_management_rate,
    profile.family_doctor_sign_rate,
    profile.beds_per_1k,
    profile.physicians,
    profile.nurses,
    profile.outpatient_visits
from marts.region_profile as profile
order by profile.ref_area, profile.period_year
