-- Average selling price by seller: over each auction that got a bid and the ten before it.
-- Flink SQL cannot run it: the rows that the window is over are still replaced by higher bids.
SELECT
  seller,
  AVG(price) OVER (
    PARTITION BY seller
    ORDER BY `dateTime`, id
    ROWS BETWEEN 10 PRECEDING AND CURRENT ROW) AS price
FROM (
  SELECT
    A.id,
    A.seller,
    B.price,
    B.`dateTime`,
    ROW_NUMBER() OVER (PARTITION BY A.id, A.seller ORDER BY B.price DESC, B.`dateTime`) AS place
  FROM auction AS A JOIN bid AS B ON A.id = B.auction
  WHERE B.`dateTime` BETWEEN A.`dateTime` AND A.expires)
WHERE place = 1;
