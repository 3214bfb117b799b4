-- The pages that a crawler fetched, for crawl.sql and for questions of one's own:
--   bin/fluxcore sql -f examples/crawl-tables.sql -e "SELECT host, COUNT(*) AS pages FROM fetched GROUP BY host"
CREATE TABLE pages (
  url STRING,
  status INT,
  bytes BIGINT,
  `at` TIMESTAMP_LTZ(3),
  WATERMARK FOR `at` AS `at` - INTERVAL '10' SECOND
) WITH ('connector' = 'file', 'path' = 'examples/data/crawl-sample.ndjson', 'format' = 'json');

CREATE VIEW fetched AS
SELECT url, SPLIT_INDEX(url, '/', 2) AS host, status, bytes, `at` AS fetched_at
FROM pages
WHERE status < 500;
