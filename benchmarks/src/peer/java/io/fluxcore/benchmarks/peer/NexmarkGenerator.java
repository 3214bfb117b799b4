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
  private long[] unused = new long[0];

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
      if (unused.length < target.timestamps().length) {
        unused = new long[target.timestamps().length];
      }
      columns = new NexmarkColumns(target, unused);
    }
    fill(first, step, rows, columns);
  }

  /**
   * The loop alone: what binds names to columns would use up the compiler's budget for inlining. By
   * class rather than by type number, so that the compiler knows which object it has just written
   * and takes the values from registers.
   */
  private void fill(long first, long step, int rows, NexmarkColumns target) {
    long index = first;
    for (int row = 0; row < rows; row++, index += step) {
      Event event = Gen.fill(index, reuse);
      if (event instanceof Event.Bid bid) {
        target.copyBid(bid, row);
      } else if (event instanceof Event.Auction newAuction) {
        target.copyAuction(newAuction, row);
      } else {
        target.copyPerson((Event.Person) event, row);
      }
    }
  }

  /**
   * Where the fields of events go. Numbers that the query does not use all go to one array, which
   * costs less than to ask for each whether it is used; texts are asked for, since storing a
   * reference costs more.
   */
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

    NexmarkColumns(GeneratedColumns target, long[] unused) {
      times = target.timestamps();
      kind = orElse(target.longs("kind"), unused);
      auction = orElse(target.longs("auction"), unused);
      bidder = orElse(target.longs("bidder"), unused);
      price = orElse(target.longs("price"), unused);
      channel = target.strings("channel");
      url = target.strings("url");
      id = orElse(target.longs("id"), unused);
      seller = orElse(target.longs("seller"), unused);
      category = orElse(target.longs("category"), unused);
      initialBid = orElse(target.longs("initialBid"), unused);
      reserve = orElse(target.longs("reserve"), unused);
      expires = orElse(target.longs("expires"), unused);
      name = target.strings("name");
      description = target.strings("description");
      email = target.strings("email");
      creditCard = target.strings("creditCard");
      city = target.strings("city");
      state = target.strings("state");
      extra = target.strings("extra");
    }

    private static long[] orElse(long[] column, long[] unused) {
      return column == null ? unused : column;
    }

    void copyBid(Event.Bid bid, int row) {
      times[row] = bid.ts;
      kind[row] = Queries.BID;
      auction[row] = bid.auction;
      bidder[row] = bid.bidder;
      price[row] = bid.price;
      set(channel, row, bid.channel);
      set(url, row, bid.url);
      set(extra, row, bid.extra);
    }

    void copyAuction(Event.Auction newAuction, int row) {
      times[row] = newAuction.ts;
      kind[row] = Queries.AUCTION;
      id[row] = newAuction.id;
      seller[row] = newAuction.seller;
      category[row] = newAuction.category;
      initialBid[row] = newAuction.initialBid;
      reserve[row] = newAuction.reserve;
      expires[row] = newAuction.expires;
      set(name, row, newAuction.itemName);
      set(description, row, newAuction.description);
      set(extra, row, newAuction.extra);
    }

    void copyPerson(Event.Person person, int row) {
      times[row] = person.ts;
      kind[row] = Queries.PERSON;
      id[row] = person.id;
      set(name, row, person.name);
      set(email, row, person.email);
      set(creditCard, row, person.creditCard);
      set(city, row, person.city);
      set(state, row, person.state);
      set(extra, row, person.extra);
    }

    private static void set(String[] column, int row, String value) {
      if (column != null) {
        column[row] = value;
      }
    }
  }
}
