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
  private GeneratedColumns bound;
  private NexmarkColumns columns;

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
    if (bound != target) {
      bound = target;
      columns = new NexmarkColumns(target);
    }
    fill(first, step, rows, columns);
  }

  /** The loop alone: what binds names to columns would use up the compiler's budget for inlining. */
  private void fill(long first, long step, int rows, NexmarkColumns target) {
    long index = first;
    for (int row = 0; row < rows; row++, index += step) {
      Event event = Gen.fill(index, reuse);
      if (event.type == Event.BID) {
        target.copyBid((Event.Bid) event, row);
      } else if (event.type == Event.AUCTION) {
        target.copyAuction((Event.Auction) event, row);
      } else {
        target.copyPerson((Event.Person) event, row);
      }
    }
  }

  /** Where the fields of events go; null where the query does not use them. */
  private static final class NexmarkColumns {
    private final long[] times;
    private final long[] kind;
    private final long[] auction;
    private final long[] bidder;
    private final long[] price;
    private final String[] channel;
    private final String[] url;
    private final long[] id;
    private final long[] seller;
    private final long[] category;
    private final long[] initialBid;
    private final long[] reserve;
    private final long[] expires;
    private final String[] name;
    private final String[] description;
    private final String[] email;
    private final String[] creditCard;
    private final String[] city;
    private final String[] state;
    private final String[] extra;

    NexmarkColumns(GeneratedColumns target) {
      times = target.timestamps();
      kind = target.longs("kind");
      auction = target.longs("auction");
      bidder = target.longs("bidder");
      price = target.longs("price");
      channel = target.strings("channel");
      url = target.strings("url");
      id = target.longs("id");
      seller = target.longs("seller");
      category = target.longs("category");
      initialBid = target.longs("initialBid");
      reserve = target.longs("reserve");
      expires = target.longs("expires");
      name = target.strings("name");
      description = target.strings("description");
      email = target.strings("email");
      creditCard = target.strings("creditCard");
      city = target.strings("city");
      state = target.strings("state");
      extra = target.strings("extra");
    }

    void copyBid(Event.Bid bid, int row) {
      times[row] = bid.ts;
      set(kind, row, Queries.BID);
      set(auction, row, bid.auction);
      set(bidder, row, bid.bidder);
      set(price, row, bid.price);
      set(channel, row, bid.channel);
      set(url, row, bid.url);
      set(extra, row, bid.extra);
    }

    void copyAuction(Event.Auction newAuction, int row) {
      times[row] = newAuction.ts;
      set(kind, row, Queries.AUCTION);
      set(id, row, newAuction.id);
      set(seller, row, newAuction.seller);
      set(category, row, newAuction.category);
      set(initialBid, row, newAuction.initialBid);
      set(reserve, row, newAuction.reserve);
      set(expires, row, newAuction.expires);
      set(name, row, newAuction.itemName);
      set(description, row, newAuction.description);
      set(extra, row, newAuction.extra);
    }

    void copyPerson(Event.Person person, int row) {
      times[row] = person.ts;
      set(kind, row, Queries.PERSON);
      set(id, row, person.id);
      set(name, row, person.name);
      set(email, row, person.email);
      set(creditCard, row, person.creditCard);
      set(city, row, person.city);
      set(state, row, person.state);
      set(extra, row, person.extra);
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
}
