-- Bounded side input: each bid with what a small table has for its auction.
-- Bids wait until the table has been read.
CREATE TABLE side_input (
  key BIGINT,
  `value` STRING,
  since AS TO_TIMESTAMP('1970-01-01 00:00:00'),
  WATERMARK FOR since AS since,
  PRIMARY KEY (key) NOT ENFORCED
) WITH ('connector' = 'file', 'path' = 'examples/nexmark/side-input.csv', 'format' = 'csv');

SELECT B.auction, B.bidder, B.price, B.`dateTime`, S.`value`
FROM bid AS B
JOIN side_input FOR SYSTEM_TIME AS OF B.`dateTime` AS S ON MOD(B.auction, 10000) = S.key;
