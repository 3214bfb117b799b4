-- The auction site of the Nexmark benchmark, for q0.sql to q23.sql and for questions of one's own:
--   bin/fluxcore sql -f examples/nexmark/tables.sql -f examples/nexmark/q5.sql
-- A stream of three kinds of events (0 a person, 1 an auction, 2 a bid), each with the fields of its kind.
CREATE TABLE nexmark (
  event_type INT,
  `dateTime` TIMESTAMP(3),
  extra STRING,
  id BIGINT,
  name STRING,
  emailAddress STRING,
  creditCard STRING,
  city STRING,
  state STRING,
  itemName STRING,
  description STRING,
  initialBid BIGINT,
  reserve BIGINT,
  expires TIMESTAMP(3),
  seller BIGINT,
  category BIGINT,
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  url STRING,
  WATERMARK FOR `dateTime` AS `dateTime` - INTERVAL '4' SECOND
) WITH ('connector' = 'nexmark', 'count' = '50000', 'eventRate' = '1000');

CREATE VIEW person AS
SELECT id, name, emailAddress, creditCard, city, state, `dateTime`, extra
FROM nexmark
WHERE event_type = 0;

CREATE VIEW auction AS
SELECT id, itemName, description, initialBid, reserve, `dateTime`, expires, seller, category, extra
FROM nexmark
WHERE event_type = 1;

CREATE VIEW bid AS
SELECT auction, bidder, price, channel, url, `dateTime`, extra
FROM nexmark
WHERE event_type = 2;
