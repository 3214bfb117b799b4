package io.fluxcore.infrastructure.sql.fuzz;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Right statements of all kinds. */
final class Statements {
  static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE bids (
            auction BIGINT, price DECIMAL(10, 2), bidder STRING, n INT, ok BOOLEAN, d DOUBLE, ts BIGINT,
            item ROW<name STRING, tags ARRAY<STRING>>, m MAP<STRING, BIGINT>,
            t AS TO_TIMESTAMP_LTZ(ts, 3), p AS PROCTIME(),
            WATERMARK FOR t AS t - INTERVAL '5' SECOND
          ) WITH ('connector' = 'kafka', 'topic' = 'bids')
          """,
          """
          CREATE TABLE people (
            id STRING, name STRING, city STRING, since TIMESTAMP(3), WATERMARK FOR since AS since,
            PRIMARY KEY (id) NOT ENFORCED
          ) WITH ('connector' = 'upsert-kafka', 'topic' = 'people')
          """,
          "CREATE TABLE results (id STRING, total BIGINT) WITH ('connector' = 'console')",
          "CREATE VIEW cheap (a, b) AS SELECT auction, bidder FROM bids WHERE price < 5");

  private static final List<String> ALL =
      List.of(
          "CREATE TEMPORARY TABLE IF NOT EXISTS `a b` (x BIGINT NOT NULL COMMENT 'c', y DECIMAL(10,"
              + " 2), z ROW<a INT, b ARRAY<STRING>>, m MAP<STRING, INT>, q AS x + 1, PRIMARY KEY"
              + " (x) NOT ENFORCED) COMMENT 'of this' WITH ('connector' = 'file', 'path' = '/a;b')",
          "CREATE OR REPLACE VIEW v (a, b) AS SELECT auction, COUNT(*) FROM bids GROUP BY auction",
          "DROP TABLE IF EXISTS nothing",
          "DROP VIEW IF EXISTS nothing",
          "SHOW TABLES",
          "SHOW VIEWS",
          "SHOW FUNCTIONS",
          "SHOW CREATE TABLE bids",
          "DESCRIBE people",
          "SET 'parallelism' = '2'",
          "SET",
          "EXPLAIN SELECT * FROM cheap",
          "EXPLAIN PLAN FOR INSERT INTO results SELECT bidder, auction FROM bids",
          "INSERT INTO results (total, id) SELECT COUNT(*), bidder FROM bids GROUP BY bidder",
          "EXECUTE STATEMENT SET BEGIN INSERT INTO results SELECT bidder, auction FROM bids; INSERT"
              + " INTO results SELECT bidder, COUNT(*) FROM bids GROUP BY bidder; END",
          "SELECT ok, auction + 1 AS x, -n, UPPER(bidder) || 'x', CAST(d AS BIGINT) FROM bids WHERE"
              + " price BETWEEN 1 AND 2.5 AND bidder LIKE 'a%' OR NOT ok",
          "SELECT CASE WHEN n > 1 THEN 'a' WHEN n IS NULL THEN NULL ELSE LOWER(bidder) END AS c,"
              + " COALESCE(bidder, ''), NULLIF(n, 0), EXTRACT(HOUR FROM t), bids.item.name FROM"
              + " bids",
          "SELECT bidder, SUM(price) AS s, AVG(d), COUNT(DISTINCT n) FILTER (WHERE ok) FROM bids"
              + " GROUP BY bidder HAVING COUNT(*) > 2",
          "SELECT bidder, n, GROUPING(n), COUNT(*) FROM bids GROUP BY GROUPING SETS ((bidder, n),"
              + " (bidder), ())",
          "SELECT window_start, window_end, MAX(price) FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(t),"
              + " INTERVAL '10' SECOND)) GROUP BY window_start, window_end EMIT ON UPDATE",
          "SELECT n, window_end, COUNT(*) FROM TABLE(HOP(TABLE bids, DESCRIPTOR(t), INTERVAL '5'"
              + " SECOND, INTERVAL '10' SECOND)) GROUP BY n, window_start, window_end EMIT EVERY"
              + " INTERVAL '1' SECOND",
          "SELECT n, window_end FROM TABLE(SESSION(TABLE bids PARTITION BY n, DESCRIPTOR(t),"
              + " INTERVAL '5' SECOND)) GROUP BY n, window_start, window_end",
          "SELECT COUNT(*) FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(t), INTERVAL '5' SECOND,"
              + " INTERVAL '10' SECOND)) GROUP BY window_start, window_end",
          "SELECT TUMBLE_START(t, INTERVAL '1' MINUTE), COUNT(*) FROM bids GROUP BY TUMBLE(t,"
              + " INTERVAL '1' MINUTE)",
          "SELECT q.*, b.n FROM bids AS b LEFT JOIN people q ON b.bidder = q.id AND b.n > 1",
          "SELECT a.n FROM bids a JOIN bids b ON a.auction = b.auction AND a.t BETWEEN b.t -"
              + " INTERVAL '5' SECOND AND b.t",
          "SELECT b.n, q.name FROM bids b JOIN people FOR SYSTEM_TIME AS OF b.t AS q ON b.bidder ="
              + " q.id",
          "SELECT n FROM bids WHERE bidder IN (SELECT id FROM people) AND n NOT IN (1, 2, 3)",
          "SELECT n FROM bids b WHERE NOT EXISTS (SELECT 1 FROM people q WHERE q.id = b.bidder)",
          "SELECT n FROM bids WHERE n > (SELECT AVG(n) FROM bids)",
          "SELECT * FROM (SELECT bidder, n, ROW_NUMBER() OVER (PARTITION BY bidder ORDER BY n DESC)"
              + " AS r FROM bids) WHERE r <= 3",
          "SELECT n, SUM(n) OVER (PARTITION BY bidder ORDER BY t ROWS BETWEEN 2 PRECEDING AND"
              + " CURRENT ROW) AS s, LAG(n, 1) OVER (PARTITION BY bidder ORDER BY t) FROM bids",
          "SELECT n FROM bids UNION ALL SELECT n + 1 FROM bids",
          "SELECT n FROM bids INTERSECT SELECT n FROM bids EXCEPT ALL SELECT 3 FROM bids",
          "SELECT n, t FROM bids ORDER BY t",
          "SELECT n FROM bids ORDER BY n DESC LIMIT 3",
          "WITH x AS (SELECT n, bidder FROM bids), y AS (SELECT n FROM x) SELECT x.n FROM x, y"
              + " WHERE x.n = y.n");

  private Statements() {}

  static List<String> all() {
    return ALL;
  }

  private static Named<IntFunction<String>> of(String name, IntFunction<String> nested) {
    return Named.of(name, nested);
  }

  /** Statements of a size or depth. */
  static Stream<Named<IntFunction<String>>> nested() {
    return Stream.of(
        of("parentheses", d -> "SELECT " + "(".repeat(d) + "n" + ")".repeat(d) + " FROM bids"),
        of(
            "sum in parentheses",
            d -> "SELECT " + "(n + ".repeat(d) + "n" + ")".repeat(d) + " FROM bids"),
        of(
            "open parentheses",
            d -> "SELECT n FROM bids WHERE n = 1" + (d > 10 ? "(".repeat(d) : "")),
        of("sums", d -> "SELECT n" + " + n".repeat(d) + " FROM bids"),
        of("conjunctions", d -> "SELECT n FROM bids WHERE n = 1" + " AND n <> 2 OR ok".repeat(d)),
        of("negations", d -> "SELECT n FROM bids WHERE " + "NOT ".repeat(d) + "ok"),
        of("signs", d -> "SELECT " + "- ".repeat(d) + "n FROM bids"),
        of("texts", d -> "SELECT 'a'" + " || bidder".repeat(d) + " FROM bids"),
        of(
            "cases",
            d ->
                "SELECT "
                    + "CASE WHEN ok THEN 1 ELSE ".repeat(d)
                    + "n"
                    + " END".repeat(d)
                    + " FROM bids"),
        of("whens", d -> "SELECT CASE" + " WHEN n = 1 THEN 2".repeat(d) + " ELSE n END FROM bids"),
        of("calls", d -> "SELECT " + "UPPER(".repeat(d) + "bidder" + ")".repeat(d) + " FROM bids"),
        of(
            "casts",
            d -> "SELECT " + "CAST(".repeat(d) + "n" + " AS BIGINT)".repeat(d) + " FROM bids"),
        of("items", d -> "SELECT bids.item" + (d > 10 ? "[1]".repeat(d) : ".name") + " FROM bids"),
        of("points", d -> "SELECT " + (d > 10 ? "n.".repeat(d) : "") + "n FROM bids"),
        of(
            "subqueries",
            d -> "SELECT n FROM " + "(SELECT n FROM ".repeat(d) + "bids" + ")".repeat(d)),
        of(
            "subqueries in conditions",
            d ->
                "SELECT n FROM bids WHERE n IN "
                    + "(SELECT n FROM bids WHERE n IN ".repeat(d)
                    + "(1, 2)"
                    + ")".repeat(d)),
        of("unions", d -> "SELECT n FROM bids" + " UNION ALL SELECT n FROM bids".repeat(d)),
        of("exceptions", d -> "SELECT n FROM bids" + " EXCEPT SELECT n FROM bids".repeat(d)),
        of(
            "joins",
            d -> {
              StringBuilder text = new StringBuilder("SELECT a.n FROM bids a");
              for (int i = 0; i < d; i++) {
                text.append(" JOIN results r").append(i);
                text.append(" ON a.bidder = r").append(i).append(".id");
              }
              return text.toString();
            }),
        of("columns", d -> "SELECT n" + ", n".repeat(d) + " FROM bids"),
        of("list", d -> "SELECT n FROM bids WHERE n IN (1" + ", n + 1".repeat(d) + ")"),
        of(
            "numbers",
            d -> {
              StringBuilder text = new StringBuilder("SELECT n FROM bids WHERE n IN (0");
              for (int i = 1; i < d; i++) {
                text.append(", ").append(i * 7);
              }
              return text.append(')').toString();
            }),
        of("long name", d -> "SELECT n AS " + "a".repeat(d) + " FROM bids"),
        of("long text", d -> "SELECT '" + "a".repeat(10 * d) + "' FROM bids"),
        of("long number", d -> "SELECT " + "1".repeat(d) + " FROM bids"),
        of("blanks", d -> "SELECT n" + " ".repeat(10 * d) + "FROM bids"),
        of("comments", d -> "SELECT n" + "/* ( */".repeat(d) + "FROM bids"),
        of("semicolons", d -> "SHOW TABLES" + ";".repeat(d)),
        of("explanations", d -> "EXPLAIN ".repeat(d > 10 ? d : 1) + "SELECT n FROM bids"),
        of("executions", d -> "EXECUTE ".repeat(d) + "SHOW TABLES"),
        of(
            "types",
            d ->
                "CREATE OR REPLACE VIEW w AS SELECT CAST(n AS "
                    + (d > 10 ? "ROW<a ".repeat(d) + "INT" + ">".repeat(d) : "INT")
                    + ") AS c FROM bids"),
        of(
            "rows",
            d ->
                "CREATE TABLE rows"
                    + d
                    + " (a "
                    + "ROW<a ".repeat(d)
                    + "INT"
                    + ">".repeat(d)
                    + ") WITH ('connector' = 'console')"),
        of(
            "arrays",
            d ->
                "CREATE TABLE arrays"
                    + d
                    + " (a INT"
                    + "[]".repeat(d)
                    + ") WITH ('connector' = 'console')"),
        of(
            "columns of a table",
            d -> {
              StringBuilder text = new StringBuilder("CREATE TABLE wide" + d + " (a INT");
              for (int i = 0; i < d; i++) {
                text.append(", a").append(i).append(" INT");
              }
              return text.append(") WITH ('connector' = 'console')").toString();
            }),
        of("with", d -> with(d)),
        of(
            "grouping sets",
            d -> "SELECT n FROM bids GROUP BY GROUPING SETS ((n)" + ", (n)".repeat(d) + ")"),
        of(
            "cube",
            d -> {
              StringBuilder text = new StringBuilder("SELECT COUNT(*) FROM bids GROUP BY CUBE (n");
              for (int i = 1; i < (d > 10 ? Math.min(d, 200) : 3); i++) {
                text.append(", n + ").append(i);
              }
              return text.append(')').toString();
            }));
  }

  private static String with(int depth) {
    StringBuilder text = new StringBuilder("WITH x0 AS (SELECT n FROM bids)");
    for (int i = 1; i < depth; i++) {
      text.append(", x").append(i).append(" AS (SELECT n FROM x").append(i - 1).append(")");
    }
    return text.append(" SELECT n FROM x").append(depth - 1).toString();
  }
}
