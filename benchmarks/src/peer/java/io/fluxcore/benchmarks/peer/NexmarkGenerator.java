package io.fluxcore.benchmarks.peer;

import io.fluxcore.benchmarks.GeneratedColumns;
import io.fluxcore.benchmarks.Queries;
import io.fluxcore.benchmarks.RowGenerator;
import peers.core.Cfg;
import peers.core.Event;
import peers.core.Gen;
import peers.core.Meter;
import peers.core.Pace;

/** Calls {@link Gen#fill} once per index and copies the fields that the query uses. */
final class NexmarkGenerator implements RowGenerator {
  private final Gen.Reuse reuse = new Gen.Reuse();

  NexmarkGenerator() {
    if (Cfg.PACE > 0) {
      Pace.start();
    }
  }

  @Override
  public long due() {
    return Cfg.PACE > 0 ? Pace.dueCount(System.nanoTime()) : Long.MAX_VALUE;
  }

  @Override
  public void progress(int subtask, long emitted) {
    Meter.progress(subtask, emitted);
  }

  @Override
  public void fill(long first, long step, int rows, GeneratedColumns target) {
    long[] times = target.timestamps();
    long[] kind = target.longs("kind");
    BidColumns bids = new BidColumns(target);
    AuctionColumns auctions = new AuctionColumns(target);
    PersonColumns persons = new PersonColumns(target);
    long index = first;
    for (int row = 0; row < rows; row++, index += step) {
      Event event = Gen.fill(index, reuse);
      times[row] = event.ts;
      if (event.type == Event.BID) {
        if (kind != null) {
          kind[row] = Queries.BID;
        }
        bids.copy((Event.Bid) event, row);
      } else if (event.type == Event.AUCTION) {
        if (kind != null) {
          kind[row] = Queries.AUCTION;
        }
        auctions.copy((Event.Auction) event, row);
      } else {
        persons.copy((Event.Person) event, row);
      }
    }
  }

  /** Where the fields of bids go; null where the query does not use them. */
  private static final class BidColumns {
    private final long[] auction;
    private final long[] bidder;
    private final long[] price;
    private final String[] channel;
    private final String[] url;
    private final String[] extra;

    BidColumns(GeneratedColumns target) {
      auction = target.longs("auction");
      bidder = target.longs("bidder");
      price = target.longs("price");
      channel = target.strings("channel");
      url = target.strings("url");
      extra = target.strings("extra");
    }

    void copy(Event.Bid bid, int row) {
      if (auction != null) {
        auction[row] = bid.auction;
      }
      if (bidder != null) {
        bidder[row] = bid.bidder;
      }
      if (price != null) {
        price[row] = bid.price;
      }
      if (channel != null) {
        channel[row] = bid.channel;
      }
      if (url != null) {
        url[row] = bid.url;
      }
      if (extra != null) {
        extra[row] = bid.extra;
      }
    }
  }

  /** Where the fields of auctions go. */
  private static final class AuctionColumns {
    private final long[] id;
    private final long[] seller;
    private final long[] category;
    private final long[] initialBid;
    private final long[] reserve;
    private final long[] expires;
    private final String[] name;
    private final String[] description;
    private final String[] extra;

    AuctionColumns(GeneratedColumns target) {
      id = target.longs("id");
      seller = target.longs("seller");
      category = target.longs("category");
      initialBid = target.longs("initialBid");
      reserve = target.longs("reserve");
      expires = target.longs("expires");
      name = target.strings("name");
      description = target.strings("description");
      extra = target.strings("extra");
    }

    void copy(Event.Auction auction, int row) {
      set(id, row, auction.id);
      set(seller, row, auction.seller);
      set(category, row, auction.category);
      set(initialBid, row, auction.initialBid);
      set(reserve, row, auction.reserve);
      set(expires, row, auction.expires);
      set(name, row, auction.itemName);
      set(description, row, auction.description);
      set(extra, row, auction.extra);
    }
  }

  /** Where the fields of persons go. */
  private static final class PersonColumns {
    private final long[] id;
    private final String[] name;
    private final String[] email;
    private final String[] creditCard;
    private final String[] city;
    private final String[] state;
    private final String[] extra;

    PersonColumns(GeneratedColumns target) {
      id = target.longs("id");
      name = target.strings("name");
      email = target.strings("email");
      creditCard = target.strings("creditCard");
      city = target.strings("city");
      state = target.strings("state");
      extra = target.strings("extra");
    }

    void copy(Event.Person person, int row) {
      set(id, row, person.id);
      set(name, row, person.name);
      set(email, row, person.email);
      set(creditCard, row, person.creditCard);
      set(city, row, person.city);
      set(state, row, person.state);
      set(extra, row, person.extra);
    }
  }

  private static void set(long[] column, int row, long value) {
    if (column != null) {
      column[row] = value;
    }
  }

  private static void set(String[] column, int row, String value) {
    if (column != null) {
      column[row] = value;
    }
  }
}
