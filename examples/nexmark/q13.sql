-- Bounded side input: each bid with what a small table has for its auction.
-- The table is held in memory, where the bids are.
CREATE TABLE side_input (
  key BIGINT,
  `value` STRING
) WITH ('connector' = 'file', 'path' = 'examples/nexmark/side-input.csv', 'format' = 'csv', 'lookup.cache' = 'full');

SELECT B.auction, B.bidder, B.price, B.`dateTime`, S.`value`
FROM bid AS B
JOIN side_input FOR SYSTEM_TIME AS OF PROCTIME() AS S ON MOD(B.auction, 10000) = S.key;
