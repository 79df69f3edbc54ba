-- Reporting odds ratio of every pair of an active ingredient and a preferred term reported three
-- times or more, in all roles, cases as units, straight from the quarterly ASCII extracts below the
-- folder that the variable `folder` names: as an analyst would write it for DuckDB. There is no ratio
-- where a cell is 0.

CREATE TEMP TABLE cases AS
SELECT arg_max(primaryid, (fda_dt, primaryid)) AS primaryid
FROM read_csv(getvariable('folder') || '/*/ASCII/DEMO*.txt', delim = '$', quote = '', header = true,
              types = {'primaryid': 'BIGINT', 'caseid': 'BIGINT', 'fda_dt': 'VARCHAR'})
WHERE caseid NOT IN (
  SELECT caseid
  FROM read_csv(getvariable('folder') || '/*/Deleted/DELETE*.txt', header = false,
                columns = {'caseid': 'BIGINT'}))
GROUP BY caseid;

CREATE TEMP TABLE drugs AS
SELECT DISTINCT primaryid, prod_ai AS drug
FROM read_csv(getvariable('folder') || '/*/ASCII/DRUG*.txt', delim = '$', quote = '', header = true,
              types = {'primaryid': 'BIGINT', 'prod_ai': 'VARCHAR'})
SEMI JOIN cases USING (primaryid);

CREATE TEMP TABLE reactions AS
SELECT DISTINCT primaryid, pt AS event
FROM read_csv(getvariable('folder') || '/*/ASCII/REAC*.txt', delim = '$', quote = '', header = true,
              types = {'primaryid': 'BIGINT', 'pt': 'VARCHAR'})
SEMI JOIN cases USING (primaryid);

CREATE TEMP TABLE pairs AS
WITH
  pair AS (
    SELECT drug, event, count(*) AS a
    FROM drugs JOIN reactions USING (primaryid)
    GROUP BY drug, event
    HAVING count(*) >= 3),
  drug AS (SELECT drug, count(*) AS cases FROM drugs GROUP BY drug),
  event AS (SELECT event, count(*) AS cases FROM reactions GROUP BY event),
  counted AS (
    SELECT
      drug, event, a,
      drug.cases - a AS b,
      event.cases - a AS c,
      (SELECT count(*) FROM cases) - drug.cases - event.cases + a AS d
    FROM pair JOIN drug USING (drug) JOIN event USING (event)),
  ratio AS (
    SELECT
      *, a * nullif(d, 0) / nullif(b * c, 0) AS ror, sqrt(1 / a + 1 / b + 1 / c + 1 / d) AS error
    FROM counted)
SELECT drug, event, a, b, c, d, ror,
       exp(ln(ror) - 1.96 * error) AS ror_low, exp(ln(ror) + 1.96 * error) AS ror_high
FROM ratio;
