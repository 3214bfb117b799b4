package io.fluxcore.boot.nexmark;

import io.fluxcore.domain.event.EventRecord;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/** What happened on the auction site: all events, in the order in which they were made. */
final class Site {
  final List<Person> persons = new ArrayList<>();
  final List<Auction> auctions = new ArrayList<>();
  final List<Bid> bids = new ArrayList<>();

  record Person(
      long id,
      String name,
      String emailAddress,
      String creditCard,
      String city,
      String state,
      LocalDateTime time,
      String extra) {}

  record Auction(
      long id,
      String itemName,
      String description,
      long initialBid,
      long reserve,
      LocalDateTime time,
      LocalDateTime expires,
      long seller,
      long category,
      String extra) {
    boolean isOpen(LocalDateTime at) {
      return !at.isBefore(time) && !at.isAfter(expires);
    }
  }

  record Bid(
      long auction,
      long bidder,
      long price,
      String channel,
      String url,
      LocalDateTime time,
      String extra) {}

  void add(EventRecord event) {
    LocalDateTime time = (LocalDateTime) event.get("dateTime");
    String extra = event.getString("extra");
    switch ((int) event.getLong("event_type")) {
      case 0 ->
          persons.add(
              new Person(
                  event.getLong("id"),
                  event.getString("name"),
                  event.getString("emailAddress"),
                  event.getString("creditCard"),
                  event.getString("city"),
                  event.getString("state"),
                  time,
                  extra));
      case 1 ->
          auctions.add(
              new Auction(
                  event.getLong("id"),
                  event.getString("itemName"),
                  event.getString("description"),
                  event.getLong("initialBid"),
                  event.getLong("reserve"),
                  time,
                  (LocalDateTime) event.get("expires"),
                  event.getLong("seller"),
                  event.getLong("category"),
                  extra));
      case 2 ->
          bids.add(
              new Bid(
                  event.getLong("auction"),
                  event.getLong("bidder"),
                  event.getLong("price"),
                  event.getString("channel"),
                  event.getString("url"),
                  time,
                  extra));
      default -> throw new AssertionError("an event of an unknown kind: " + event);
    }
  }
}
