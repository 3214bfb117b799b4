-- Pass through: each bid.
SELECT auction, bidder, price, `dateTime`, extra FROM bid;
