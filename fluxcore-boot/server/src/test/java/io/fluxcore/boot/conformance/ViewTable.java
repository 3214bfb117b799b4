package io.fluxcore.boot.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table of RisingWave's, as far as its rows are kept.
 *
 * @param statement its definition in FluxCore's SQL
 * @param key the columns of its primary key; none: rows are kept as often as they come
 * @param keepsFirst whether a row whose key is there is left out, instead of taking its place
 * @param time the column that its watermark is of; empty: there is none
 * @param delay by which the watermark is behind
 */
record ViewTable(
    String name,
    String statement,
    List<String> key,
    boolean keepsFirst,
    String time,
    Duration delay) {
  private static final Pattern NAME =
      Pattern.compile("(?is)create\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?(\\w+).*");
  private static final Pattern KEY = Pattern.compile("(?is)primary\\s+key\\s*\\(([^)]*)\\)");
  private static final Pattern OWN_KEY =
      Pattern.compile("(?is)[(,]\\s*(\\w+)\\s+\\w+\\s+primary\\s+key");
  private static final Pattern CONFLICT = Pattern.compile("(?is)\\bon\\s+conflict\\b(.*?);?\\s*$");
  private static final Pattern APPEND_ONLY = Pattern.compile("(?is)\\)\\s*append\\s+only\\b");
  private static final Pattern WATERMARK =
      Pattern.compile(
          "(?is)watermark\\s+for\\s+(\\w+)\\s+as\\s+\\w+\\s*-\\s*interval\\s*'(\\d+)\\s*(?:'\\s*)?"
              + "(second|minute|hour|day)s?");

  static ViewTable of(String ddl, PostgresText dialect) {
    Matcher name = NAME.matcher(ddl);
    if (!name.matches()) {
      throw new UnsupportedCaseException("a table that is defined by " + ddl);
    }
    Matcher conflict = CONFLICT.matcher(ddl);
    boolean hasConflict = conflict.find();
    boolean isAppendOnly = APPEND_ONLY.matcher(ddl).find();
    if (hasConflict && isAppendOnly && !isKept(conflict.group(1))) {
      throw new UnsupportedCaseException("rows that are only added and take the place of others");
    }
    String plain = hasConflict ? ddl.substring(0, conflict.start()) : ddl;
    Matcher watermark = WATERMARK.matcher(ddl);
    boolean hasWatermark = watermark.find();
    return new ViewTable(
        name.group(1).toLowerCase(Locale.ROOT),
        dialect.statement(plain) + " WITH ('connector' = 'script')",
        keyOf(ddl),
        hasConflict && isKept(conflict.group(1)),
        hasWatermark ? watermark.group(1).toLowerCase(Locale.ROOT) : "",
        hasWatermark
            ? Duration.of(
                Long.parseLong(watermark.group(2)),
                java.time.temporal.ChronoUnit.valueOf(
                    watermark.group(3).toUpperCase(Locale.ROOT) + "S"))
            : Duration.ZERO);
  }

  private static boolean isKept(String conflict) {
    return conflict.strip().equalsIgnoreCase("do nothing");
  }

  private static List<String> keyOf(String ddl) {
    List<String> key = new ArrayList<>();
    Matcher own = OWN_KEY.matcher(ddl);
    Matcher named = KEY.matcher(ddl);
    if (own.find()) {
      key.add(own.group(1).toLowerCase(Locale.ROOT));
    } else if (named.find()) {
      for (String column : named.group(1).split(",")) {
        key.add(column.strip().replace("\"", "").toLowerCase(Locale.ROOT));
      }
    }
    return key;
  }
}
