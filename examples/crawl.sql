-- The three busiest hosts of each minute, however often a page was fetched:
--   bin/fluxcore sql -f examples/crawl-tables.sql -f examples/crawl.sql
SELECT window_start, host, pages
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY pages DESC, host) AS place
  FROM (
    SELECT window_start, window_end, host, COUNT(DISTINCT url) AS pages
    FROM TABLE(TUMBLE(TABLE fetched, DESCRIPTOR(fetched_at), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, host))
WHERE place <= 3;
