package io.fluxcore.benchmarks.peer;

import io.fluxcore.benchmarks.GeneratedColumns;
import io.fluxcore.benchmarks.Queries;
import io.fluxcore.benchmarks.RowGenerator;
import java.util.Objects;
import java.util.stream.Stream;
import peers.core.Cfg;
import peers.core.Event;
import peers.core.Gen;
import peers.core.Meter;
import peers.core.Pace;

/** Calls {@link Gen#fill} once per index and copies the fields that the query uses. */
final class NexmarkGenerator implements RowGenerator {
  private static final long MICROS_PER_MILLI = 1000;

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
    if (columns.usesBids()) {
      fill(first, step, rows, columns);
    } else {
      fillWithoutBids(first, step, rows, columns);
    }
  }

  /** The same for queries that look at nothing that bids have. */
  private void fillWithoutBids(long first, long step, int rows, NexmarkColumns target) {
    long index = first;
    for (int row = 0; row < rows; row++, index += step) {
      Event event = Gen.fill(index, reuse);
      if (event instanceof Event.Bid) {
        target.clear(event.ts, row);
      } else {
        target.copy(event, row);
      }
    }
  }

  /**
   * The loop alone: what binds names to columns would use up the compiler's budget for inlining.
   * {@link NexmarkColumns#copy} is too large to be inlined here, and that is as well: with the
   * columns in the loop the compiler has too few registers left for the generator, and keeps its
   * values elsewhere, which costs more than the call.
   */
  private void fill(long first, long step, int rows, NexmarkColumns target) {
    long index = first;
    for (int row = 0; row < rows; row++, index += step) {
      target.copy(Gen.fill(index, reuse), row);
    }
  }

  /**
   * Where the fields of events go. Numbers that the query does not use all go to one array, which
   * costs less than to ask for each whether it is used; texts, and what bids do not have, are asked
   * for.
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
    private final long[] dateTime;
    private final long[] expiresAt;

    /** Whether the query uses numbers that bids do not have. */
    private final boolean moreNumbers;

    /** Whether it uses any text. */
    private final boolean texts;

    /** Whether it uses anything that bids have. */
    private final boolean usesBids;

    /** The columns in use that bids have nothing for. */
    private final long[][] otherNumbers;

    private final String[][] otherTexts;

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
      dateTime = target.longs("dateTime");
      expiresAt = target.longs("expiresAt");
      moreNumbers =
          Stream.of(id, seller, category, initialBid, reserve, expires).anyMatch(c -> c != unused);
      texts =
          Stream.of(channel, url, name, description, email, creditCard, city, state, extra)
              .anyMatch(Objects::nonNull);
      usesBids =
          Stream.of(auction, bidder, price).anyMatch(c -> c != unused)
              || Stream.of(channel, url, extra).anyMatch(Objects::nonNull);
      otherNumbers =
          Stream.of(id, seller, category, initialBid, reserve, expires)
              .filter(c -> c != unused)
              .toArray(long[][]::new);
      otherTexts =
          Stream.of(name, description, email, creditCard, city, state)
              .filter(Objects::nonNull)
              .toArray(String[][]::new);
    }

    boolean usesBids() {
      return usesBids;
    }

    /** A bid, of which nothing is used but that it is one. */
    void clear(long time, int row) {
      times[row] = time;
      if (dateTime != null) {
        dateTime[row] = time * MICROS_PER_MILLI;
      }
      if (expiresAt != null) {
        expiresAt[row] = 0;
      }
      kind[row] = Queries.BID;
      for (long[] column : otherNumbers) {
        column[row] = 0;
      }
      for (String[] column : otherTexts) {
        column[row] = null;
      }
    }

    private static long[] orElse(long[] column, long[] unused) {
      return column == null ? unused : column;
    }

    /** All fields of a row; those that the kind of event does not have are 0 or null. */
    void copy(Event event, int row) {
      times[row] = event.ts;
      if (dateTime != null) {
        dateTime[row] = event.ts * MICROS_PER_MILLI;
      }
      if (expiresAt != null) {
        expiresAt[row] =
            event instanceof Event.Auction opened ? opened.expires * MICROS_PER_MILLI : 0;
      }
      if (event instanceof Event.Bid bid) {
        kind[row] = Queries.BID;
        auction[row] = bid.auction;
        bidder[row] = bid.bidder;
        price[row] = bid.price;
        if (moreNumbers) {
          id[row] = 0;
          seller[row] = 0;
          category[row] = 0;
          initialBid[row] = 0;
          reserve[row] = 0;
          expires[row] = 0;
        }
        if (texts) {
          set(channel, row, bid.channel);
          set(url, row, bid.url);
          set(name, row, null);
          set(description, row, null);
          set(email, row, null);
          set(creditCard, row, null);
          set(city, row, null);
          set(state, row, null);
          set(extra, row, bid.extra);
        }
      } else if (event instanceof Event.Auction newAuction) {
        kind[row] = Queries.AUCTION;
        auction[row] = 0;
        bidder[row] = 0;
        price[row] = 0;
        id[row] = newAuction.id;
        seller[row] = newAuction.seller;
        category[row] = newAuction.category;
        initialBid[row] = newAuction.initialBid;
        reserve[row] = newAuction.reserve;
        expires[row] = newAuction.expires;
        if (texts) {
          set(channel, row, null);
          set(url, row, null);
          set(name, row, newAuction.itemName);
          set(description, row, newAuction.description);
          set(email, row, null);
          set(creditCard, row, null);
          set(city, row, null);
          set(state, row, null);
          set(extra, row, newAuction.extra);
        }
      } else {
        Event.Person person = (Event.Person) event;
        kind[row] = Queries.PERSON;
        auction[row] = 0;
        bidder[row] = 0;
        price[row] = 0;
        id[row] = person.id;
        seller[row] = 0;
        category[row] = 0;
        initialBid[row] = 0;
        reserve[row] = 0;
        expires[row] = 0;
        if (texts) {
          set(channel, row, null);
          set(url, row, null);
          set(name, row, person.name);
          set(description, row, null);
          set(email, row, person.email);
          set(creditCard, row, person.creditCard);
          set(city, row, person.city);
          set(state, row, person.state);
          set(extra, row, person.extra);
        }
      }
    }

    private static void set(String[] column, int row, String value) {
      if (column != null) {
        column[row] = value;
      }
    }
  }
}
