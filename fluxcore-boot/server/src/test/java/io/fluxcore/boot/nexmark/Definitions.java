package io.fluxcore.boot.nexmark;

import io.fluxcore.boot.nexmark.Site.Auction;
import io.fluxcore.boot.nexmark.Site.Bid;
import io.fluxcore.boot.nexmark.Site.Person;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What each query means. */
final class Definitions {
  private static final BigDecimal EURO = new BigDecimal("0.908");
  private static final long WINDOW_SECONDS = 10;
  private static final long HOP_SECONDS = 2;
  private static final DateTimeFormatter DAY = format("yyyy-MM-dd");
  private static final DateTimeFormatter MINUTE = format("HH:mm");
  private static final DateTimeFormatter FILE_MINUTE = format("HH-mm");
  private static final Pattern CHANNEL = Pattern.compile("(&|^)channel_id=([^&]*)");
  private static final Map<String, String> KNOWN_CHANNELS =
      Map.of("apple", "0", "google", "1", "facebook", "2", "baidu", "3");

  private final Site site;
  private final Map<Long, String> sideInput;
  private final Map<Long, Auction> auctions;

  Definitions(Site site, Map<Long, String> sideInput) {
    this.site = site;
    this.sideInput = sideInput;
    this.auctions = site.auctions.stream().collect(Collectors.toMap(Auction::id, a -> a));
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
  }

  /** The result of a query, but for the one whose windows are of the clock. */
  Table of(int query) {
    return switch (query) {
      case 0 -> bids((b, t) -> t.add(b.auction(), b.bidder(), b.price(), b.time(), b.extra()));
      case 1 -> bids((b, t) -> t.add(b.auction(), b.bidder(), euros(b), b.time(), b.extra()));
      case 2 -> bids(this::someAuctions);
      case 3 -> localItems();
      case 4 -> averagePrices();
      case 5 -> hotItems();
      case 6 -> sellingPrices();
      case 7 -> highestBids();
      case 8 -> newUsers();
      case 9 -> winningBids();
      case 10 -> bids(Definitions::logged);
      case 11 -> sessions();
      case 13 -> bids(this::withSideInput);
      case 14 -> bids(Definitions::calculated);
      case 15 -> statistics(b -> List.of(b.time().format(DAY)), false);
      case 16 -> statistics(b -> List.of(b.channel(), b.time().format(DAY)), true);
      case 17 -> auctionStatistics();
      case 18 -> lastBids();
      case 19 -> topBids();
      case 20 -> bids(this::expanded);
      case 21 -> bids(Definitions::withChannel);
      case 22 -> bids(Definitions::directories);
      case 23 -> expandedTwice();
      default -> throw new IllegalArgumentException("q" + query);
    };
  }

  private Table bids(BiConsumer<Bid, Table> each) {
    Table table = new Table();
    site.bids.forEach(bid -> each.accept(bid, table));
    return table;
  }

  private static BigDecimal euros(Bid bid) {
    return EURO.multiply(BigDecimal.valueOf(bid.price()));
  }

  private static long millis(LocalDateTime time) {
    return time.toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private static LocalDateTime time(long millis) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(millis, 1000L), Math.floorMod(millis, 1000) * 1_000_000, ZoneOffset.UTC);
  }

  private static long windowStart(LocalDateTime time) {
    return Math.floorDiv(millis(time), WINDOW_SECONDS * 1000) * WINDOW_SECONDS * 1000;
  }

  private void someAuctions(Bid bid, Table table) {
    if (bid.auction() % 123 == 0) {
      table.add(bid.auction(), bid.price());
    }
  }

  private Table localItems() {
    Map<Long, Person> persons =
        site.persons.stream()
            .filter(p -> Set.of("OR", "ID", "CA").contains(p.state()))
            .collect(Collectors.toMap(Person::id, p -> p));
    Table table = new Table();
    for (Auction auction : site.auctions) {
      Person seller = persons.get(auction.seller());
      if (auction.category() == 10 && seller != null) {
        table.add(seller.name(), seller.city(), seller.state(), auction.id());
      }
    }
    return table;
  }

  /** The bids that each auction got while it was open, by its number. */
  private Map<Long, List<Bid>> bidsInTime() {
    Map<Long, List<Bid>> bids = new TreeMap<>();
    for (Bid bid : site.bids) {
      Auction auction = auctions.get(bid.auction());
      if (auction != null && auction.isOpen(bid.time())) {
        bids.computeIfAbsent(bid.auction(), id -> new ArrayList<>()).add(bid);
      }
    }
    return bids;
  }

  private Table averagePrices() {
    Map<Long, List<Long>> prices = new TreeMap<>();
    bidsInTime()
        .forEach(
            (id, bids) ->
                prices
                    .computeIfAbsent(auctions.get(id).category(), category -> new ArrayList<>())
                    .add(bids.stream().mapToLong(Bid::price).max().orElseThrow()));
    Table table = new Table();
    prices.forEach((category, finals) -> table.add(category, average(finals)));
    return table;
  }

  /** As SQL has it of whole numbers: without what is behind the point. */
  private static long average(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).sum() / numbers.size();
  }

  private Table hotItems() {
    Map<Long, Map<Long, Long>> counts = new TreeMap<>();
    for (Bid bid : site.bids) {
      long last = Math.floorDiv(millis(bid.time()), HOP_SECONDS * 1000) * HOP_SECONDS * 1000;
      for (long start = last; start > millis(bid.time()) - WINDOW_SECONDS * 1000; ) {
        counts
            .computeIfAbsent(start, window -> new HashMap<>())
            .merge(bid.auction(), 1L, Long::sum);
        start -= HOP_SECONDS * 1000;
      }
    }
    Table table = new Table();
    for (Map<Long, Long> window : counts.values()) {
      long most = window.values().stream().mapToLong(Long::longValue).max().orElseThrow();
      window.forEach(
          (auction, count) -> {
            if (count == most) {
              table.add(auction, count);
            }
          });
    }
    return table;
  }

  /** Higher bids before lower ones, of equal ones the earlier before the later. */
  private static final Comparator<Bid> BEST =
      Comparator.comparing(Bid::price).reversed().thenComparing(Bid::time);

  private Table sellingPrices() {
    record Sale(long auction, Bid bid) {}
    Map<Long, List<Sale>> sales = new TreeMap<>();
    bidsInTime()
        .forEach(
            (id, bids) ->
                sales
                    .computeIfAbsent(auctions.get(id).seller(), seller -> new ArrayList<>())
                    .add(new Sale(id, bids.stream().min(BEST).orElseThrow())));
    Table table = new Table();
    for (Map.Entry<Long, List<Sale>> of : sales.entrySet()) {
      List<Sale> ordered =
          of.getValue().stream()
              .sorted(
                  Comparator.comparing((Sale sale) -> sale.bid().time())
                      .thenComparing(Sale::auction))
              .toList();
      for (int i = 0; i < ordered.size(); i++) {
        List<Sale> last = ordered.subList(Math.max(0, i - 10), i + 1);
        table.add(of.getKey(), average(last.stream().map(sale -> sale.bid().price()).toList()));
      }
    }
    return table;
  }

  private Table highestBids() {
    Map<Long, Long> highest = new TreeMap<>();
    for (Bid bid : site.bids) {
      highest.merge(windowStart(bid.time()), bid.price(), Math::max);
    }
    Table table = new Table();
    for (Bid bid : site.bids) {
      long start = windowStart(bid.time());
      // both ends count, so that a bid at the start of a window is in the one before it, too
      if (highest.get(start) == bid.price()) {
        add(table, bid);
      }
      Long before = highest.get(start - WINDOW_SECONDS * 1000);
      if (millis(bid.time()) == start && before != null && before == bid.price()) {
        add(table, bid);
      }
    }
    return table;
  }

  private static void add(Table table, Bid bid) {
    table.add(bid.auction(), bid.bidder(), bid.price(), bid.time(), bid.extra());
  }

  private Table newUsers() {
    Set<List<Long>> sellers = new HashSet<>();
    site.auctions.forEach(a -> sellers.add(List.of(a.seller(), windowStart(a.time()))));
    Table table = new Table();
    for (Person person : site.persons) {
      long start = windowStart(person.time());
      if (sellers.contains(List.of(person.id(), start))) {
        table.add(person.id(), person.name(), time(start));
      }
    }
    return table;
  }

  private Table winningBids() {
    // the bidder and the text of the bid are open where two bids are of one price and time
    Table table = new Table(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13);
    bidsInTime()
        .forEach(
            (id, bids) -> {
              Auction a = auctions.get(id);
              Bid best = bids.stream().min(BEST).orElseThrow();
              table.add(
                  a.id(),
                  a.itemName(),
                  a.description(),
                  a.initialBid(),
                  a.reserve(),
                  a.time(),
                  a.expires(),
                  a.seller(),
                  a.category(),
                  a.extra(),
                  id,
                  best.price(),
                  best.time());
              for (Bid bid : bids) {
                if (BEST.compare(bid, best) == 0) {
                  table.allow(
                      a.id(),
                      a.itemName(),
                      a.description(),
                      a.initialBid(),
                      a.reserve(),
                      a.time(),
                      a.expires(),
                      a.seller(),
                      a.category(),
                      a.extra(),
                      id,
                      bid.bidder(),
                      bid.price(),
                      bid.time(),
                      bid.extra());
                }
              }
            });
    return table;
  }

  private static void logged(Bid bid, Table table) {
    table.add(
        bid.auction(),
        bid.bidder(),
        bid.price(),
        bid.time(),
        bid.extra(),
        bid.time().format(DAY),
        bid.time().format(FILE_MINUTE));
  }

  private Table sessions() {
    Map<Long, List<Long>> times = new TreeMap<>();
    for (Bid bid : site.bids) {
      times.computeIfAbsent(bid.bidder(), id -> new ArrayList<>()).add(millis(bid.time()));
    }
    Table table = new Table();
    times.forEach(
        (bidder, all) -> {
          all.sort(Comparator.naturalOrder());
          int first = 0;
          for (int i = 1; i <= all.size(); i++) {
            if (i == all.size() || all.get(i) - all.get(i - 1) > WINDOW_SECONDS * 1000) {
              table.add(
                  bidder,
                  (long) (i - first),
                  time(all.get(first)),
                  time(all.get(i - 1) + WINDOW_SECONDS * 1000));
              first = i;
            }
          }
        });
    return table;
  }

  private void withSideInput(Bid bid, Table table) {
    String value = sideInput.get(bid.auction() % 10_000);
    if (value != null) {
      table.add(bid.auction(), bid.bidder(), bid.price(), bid.time(), value);
    }
  }

  private static void calculated(Bid bid, Table table) {
    BigDecimal price = euros(bid);
    if (price.compareTo(BigDecimal.valueOf(1_000_000)) > 0
        && price.compareTo(BigDecimal.valueOf(50_000_000)) < 0) {
      int hour = bid.time().getHour();
      table.add(
          bid.auction(),
          bid.bidder(),
          price,
          hour >= 8 && hour <= 18 ? "dayTime" : hour <= 6 || hour >= 20 ? "nightTime" : "otherTime",
          bid.time(),
          bid.extra(),
          bid.extra().chars().filter(letter -> letter == 'c').count());
    }
  }

  /** Which of three ranges a price is in. */
  private static int range(Bid bid) {
    return bid.price() < 10_000 ? 0 : bid.price() < 1_000_000 ? 1 : 2;
  }

  private Map<List<Object>, List<Bid>> grouped(Function<Bid, List<Object>> key) {
    return site.bids.stream().collect(Collectors.groupingBy(key));
  }

  private Table statistics(Function<Bid, List<Object>> key, boolean withMinute) {
    Table table = new Table();
    grouped(key)
        .forEach(
            (group, bids) -> {
              List<Object> row = new ArrayList<>(group);
              if (withMinute) {
                row.add(
                    bids.stream().map(b -> b.time().format(MINUTE)).max(String::compareTo).get());
              }
              counts(bids, row, b -> b, false);
              counts(bids, row, Bid::bidder, true);
              counts(bids, row, Bid::auction, true);
              table.add(row.toArray());
            });
    return table;
  }

  /** How many values there are, of all bids and of those of each range. */
  private static void counts(
      List<Bid> bids, List<Object> row, Function<Bid, Object> value, boolean distinct) {
    for (int range = -1; range < 3; range++) {
      int wanted = range;
      List<Object> values =
          bids.stream().filter(b -> wanted < 0 || range(b) == wanted).map(value).toList();
      row.add((long) (distinct ? new HashSet<>(values).size() : values.size()));
    }
  }

  private Table auctionStatistics() {
    Table table = new Table();
    grouped(b -> List.of(b.auction(), b.time().format(DAY)))
        .forEach(
            (group, bids) -> {
              List<Object> row = new ArrayList<>(group);
              counts(bids, row, b -> b, false);
              List<Long> prices = bids.stream().map(Bid::price).sorted().toList();
              row.add(prices.get(0));
              row.add(prices.get(prices.size() - 1));
              row.add(average(prices));
              row.add(prices.stream().mapToLong(Long::longValue).sum());
              table.add(row.toArray());
            });
    return table;
  }

  private Table lastBids() {
    // which of two bids of one time is the last is open
    Table table = new Table(0, 1, 5);
    grouped(b -> List.of(b.bidder(), b.auction()))
        .forEach(
            (group, bids) -> {
              LocalDateTime last =
                  bids.stream().map(Bid::time).max(Comparator.naturalOrder()).orElseThrow();
              table.add(group.get(1), group.get(0), last);
              for (Bid b : bids) {
                if (b.time().equals(last)) {
                  table.allow(all(b));
                }
              }
            });
    return table;
  }

  private static Object[] all(Bid b) {
    return new Object[] {
      b.auction(), b.bidder(), b.price(), b.channel(), b.url(), b.time(), b.extra()
    };
  }

  private Table topBids() {
    // which of two bids of one price is before the other is open
    Table table = new Table(0, 2, 7);
    grouped(b -> List.of(b.auction()))
        .forEach(
            (group, bids) -> {
              List<Bid> best =
                  bids.stream().sorted(Comparator.comparing(Bid::price).reversed()).toList();
              int count = Math.min(10, best.size());
              for (int i = 0; i < count; i++) {
                table.add(group.get(0), best.get(i).price(), i + 1L);
              }
              for (Bid b : best) {
                for (int i = 0; i < count; i++) {
                  if (b.price() == best.get(i).price()) {
                    List<Object> row = new ArrayList<>(List.of(all(b)));
                    row.add(i + 1L);
                    table.allow(row.toArray());
                  }
                }
              }
            });
    return table;
  }

  private void expanded(Bid b, Table table) {
    Auction a = auctions.get(b.auction());
    if (a != null && a.category() == 10) {
      table.add(
          b.auction(),
          b.bidder(),
          b.price(),
          b.channel(),
          b.url(),
          b.time(),
          b.extra(),
          a.itemName(),
          a.description(),
          a.initialBid(),
          a.reserve(),
          a.time(),
          a.expires(),
          a.seller(),
          a.category(),
          a.extra());
    }
  }

  private static void withChannel(Bid b, Table table) {
    String id = KNOWN_CHANNELS.get(b.channel().toLowerCase(Locale.ROOT));
    if (id == null) {
      Matcher matcher = CHANNEL.matcher(b.url());
      id = matcher.find() ? matcher.group(2) : null;
    }
    if (id != null) {
      table.add(b.auction(), b.bidder(), b.price(), b.channel(), id);
    }
  }

  private static void directories(Bid b, Table table) {
    String[] parts = b.url().split("/", -1);
    table.add(b.auction(), b.bidder(), b.price(), b.channel(), parts[3], parts[4], parts[5]);
  }

  private Table expandedTwice() {
    Map<Long, Person> persons = site.persons.stream().collect(Collectors.toMap(Person::id, p -> p));
    Map<Long, List<Auction>> bySeller =
        site.auctions.stream().collect(Collectors.groupingBy(Auction::seller));
    return bids(
        (b, table) -> {
          Person p = persons.get(b.bidder());
          for (Auction a :
              p == null ? List.<Auction>of() : bySeller.getOrDefault(p.id(), List.of())) {
            table.add(
                b.bidder(),
                b.price(),
                b.channel(),
                b.url(),
                b.extra(),
                p.id(),
                p.name(),
                p.emailAddress(),
                p.creditCard(),
                p.city(),
                p.state(),
                p.extra(),
                a.itemName(),
                a.description(),
                a.initialBid(),
                a.reserve(),
                a.time(),
                a.expires(),
                a.seller(),
                a.category(),
                a.extra());
          }
        });
  }
}
