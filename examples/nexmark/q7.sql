-- Highest bid: the bids of the highest price of each ten seconds.
SELECT B.auction, B.bidder, B.price, B.`dateTime`, B.extra
FROM bid AS B
JOIN (
  SELECT MAX(price) AS price, window_end AS `dateTime`
  FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '10' SECOND))
  GROUP BY window_start, window_end) AS highest
ON B.price = highest.price
WHERE B.`dateTime` BETWEEN highest.`dateTime` - INTERVAL '10' SECOND AND highest.`dateTime`;
