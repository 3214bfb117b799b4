-- Log to files: each bid, in the directory of its day and minute.
CREATE TABLE bids_by_minute (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  `dateTime` TIMESTAMP(3),
  extra STRING,
  dt STRING,
  hm STRING
) WITH (
  'connector' = 'file',
  'path' = '/tmp/nexmark/bids.csv',
  'format' = 'csv',
  'partitionBy' = 'dt={dt}/hm={hm}'
);

INSERT INTO bids_by_minute
SELECT
  auction,
  bidder,
  price,
  `dateTime`,
  extra,
  DATE_FORMAT(`dateTime`, 'yyyy-MM-dd'),
  DATE_FORMAT(`dateTime`, 'HH-mm')
FROM bid;
