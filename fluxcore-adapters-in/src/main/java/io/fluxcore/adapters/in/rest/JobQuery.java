package io.fluxcore.adapters.in.rest;

import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.job.JobStatus;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs of a list, in which order, from where on. A cursor holds the last job of the part
 * before, so that jobs that come and go in between neither repeat nor hide others.
 */
final class JobQuery {
  static final int DEFAULT_LIMIT = 50;
  static final int MAX_LIMIT = 500;

  private static final Map<String, Comparator<JobItem>> ORDERS =
      Map.of(
          "name", Comparator.comparing(JobItem::name),
          "state", Comparator.comparing(JobItem::state),
          "submittedAt", Comparator.comparing(JobItem::submittedAt));

  private final int limit;
  private final String text;
  private final Set<String> states;
  private final String sort;
  private final Comparator<JobItem> order;
  private final @Nullable JobItem after;

  JobQuery(
      @Nullable String limit,
      @Nullable String cursor,
      @Nullable String text,
      @Nullable String state,
      @Nullable String sort) {
    this.limit = limit == null ? DEFAULT_LIMIT : Parameter.integer("limit", limit, 1, MAX_LIMIT);
    this.text = text == null ? "" : text.toLowerCase(Locale.ROOT);
    this.states = state == null ? Set.of() : states(state);
    this.sort = sort == null ? "-submittedAt" : sort;
    this.order = order(this.sort);
    this.after = cursor == null ? null : decode(cursor);
  }

  private static Set<String> states(String list) {
    Set<String> known =
        EnumSet.allOf(JobStatus.class).stream()
            .map(JobStatus::name)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> states = new TreeSet<>(Arrays.asList(list.split(",", -1)));
    for (String state : states) {
      if (!known.contains(state)) {
        throw Refused.parameter(
            "state",
            "there is no state '" + state + "'",
            NearestName.remedy(state, known, "states are"));
      }
    }
    return states;
  }

  private static Comparator<JobItem> order(String sort) {
    boolean down = sort.startsWith("-");
    Comparator<JobItem> order = ORDERS.get(down ? sort.substring(1) : sort);
    if (order == null) {
      throw Refused.parameter(
          "sort",
          "jobs cannot be sorted by '" + sort + "'",
          "sort by " + String.join(", ", new TreeSet<>(ORDERS.keySet())) + "; - is downwards");
    }
    return (down ? order.reversed() : order).thenComparing(JobItem::id);
  }

  JobPage of(List<JobItem> jobs) {
    List<JobItem> matching = jobs.stream().filter(this::matches).sorted(order).toList();
    List<JobItem> part = new ArrayList<>();
    boolean more = false;
    for (JobItem job : matching) {
      if (after != null && order.compare(job, after) <= 0) {
        continue;
      }
      if (part.size() == limit) {
        more = true;
        break;
      }
      part.add(job);
    }
    return new JobPage(part, more ? encode(part.get(part.size() - 1)) : null, matching.size());
  }

  private boolean matches(JobItem job) {
    return (states.isEmpty() || states.contains(job.state()))
        && (job.name().toLowerCase(Locale.ROOT).contains(text)
            || job.id().toLowerCase(Locale.ROOT).startsWith(text));
  }

  private String encode(JobItem last) {
    String key =
        String.join(
            "\n", sort, last.id(), last.state(), last.submittedAt().toString(), last.name());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private JobItem decode(String cursor) {
    try {
      String key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      String[] parts = key.split("\n", 5);
      if (parts.length == 5 && parts[0].equals(sort)) {
        return new JobItem(parts[1], parts[4], "", parts[2], Instant.parse(parts[3]));
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw notACursor();
    }
    throw notACursor();
  }

  private static Refused notACursor() {
    return Refused.parameter(
        "cursor",
        "it is not a cursor of this list in this order",
        "give nextCursor of the answer before, with the same parameters");
  }
}
