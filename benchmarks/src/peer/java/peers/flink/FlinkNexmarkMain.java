package peers.flink;

import io.fluxcore.benchmarks.peer.ChangeSum;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.utils.LogicalTypeUtils;
import org.apache.flink.table.types.utils.TypeConversions;
import peers.core.Cfg;
import peers.core.Meter;

/**
 * The queries of Nexmark in Flink SQL: the text of FluxCore's examples ({@code -Dsql=} their
 * folder), but for the tables of q10 and q13, which are Flink's own. As it comes, or with
 * mini-batches ({@code -Dminibatch=}milliseconds) and distinct aggregates in two steps, as
 * nexmark/nexmark has it.
 */
public final class FlinkNexmarkMain {
  private static final String FILES =
      "CREATE TABLE bids_by_minute (auction BIGINT, bidder BIGINT, price BIGINT, `dateTime`"
          + " TIMESTAMP(3), extra STRING, dt STRING, hm STRING) PARTITIONED BY (dt, hm) WITH"
          + " ('connector'='filesystem', 'path'='file://%s', 'format'='csv')";

  private static final String SIDE_INPUT =
      "CREATE TABLE side_input (key BIGINT, `value` STRING) WITH ('connector'='peerside')";

  private static final String WITH_SIDE_INPUT =
      "SELECT B.auction, B.bidder, B.price, B.`dateTime`, S.`value` FROM (SELECT *, PROCTIME() AS"
          + " p_time FROM bid) AS B JOIN side_input FOR SYSTEM_TIME AS OF B.p_time AS S ON"
          + " MOD(B.auction, 10000) = S.key";

  private FlinkNexmarkMain() {}

  public static void main(String[] args) throws Exception {
    StreamTableEnvironment tables = StreamTableEnvironment.create(FlinkEnv.make());
    tables.getConfig().set("table.local-time-zone", "UTC");
    long miniBatch = Long.getLong("minibatch", 0);
    if (miniBatch > 0) {
      tables.getConfig().set("table.exec.mini-batch.enabled", "true");
      tables.getConfig().set("table.exec.mini-batch.allow-latency", miniBatch + "ms");
      tables.getConfig().set("table.exec.mini-batch.size", "50000");
      tables.getConfig().set("table.optimizer.distinct-agg.split.enabled", "true");
    }
    tables.executeSql(
        "CREATE TABLE events ("
            + Rows.COLUMNS
            + ", WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector'='peergen')");
    tables.executeSql(
        "CREATE VIEW person AS SELECT p_id AS id, p_name AS name, p_email AS emailAddress, p_card"
            + " AS creditCard, p_city AS city, p_state AS state, ts AS `dateTime`, p_extra AS extra"
            + " FROM events WHERE event_type = 0");
    tables.executeSql(
        "CREATE VIEW auction AS SELECT a_id AS id, a_item AS itemName, a_descr AS description,"
            + " a_initial AS initialBid, a_reserve AS reserve, ts AS `dateTime`, a_expires AS"
            + " expires, a_seller AS seller, a_category AS category, a_extra AS extra FROM events"
            + " WHERE event_type = 1");
    tables.executeSql(
        "CREATE VIEW bid AS SELECT b_auction AS auction, b_bidder AS bidder, b_price AS price,"
            + " b_channel AS channel, b_url AS url, ts AS `dateTime`, b_extra AS extra FROM events"
            + " WHERE event_type = 2");
    String last = prepared(tables);
    String insert = last.startsWith("INSERT") ? last : into(tables, last);
    if (Boolean.getBoolean("explain")) {
      System.err.println(tables.explainSql(insert));
    }
    Meter.begin();
    tables.executeSql(insert).await();
    Meter.end(miniBatch > 0 ? "flinksql-mb" : "flinksql", ChangeSum.all());
    System.exit(0);
  }

  /** Runs the statements before the last one, which is given back. */
  private static String prepared(StreamTableEnvironment tables) throws Exception {
    String script =
        Files.readString(Path.of(System.getProperty("sql"), Cfg.QUERY + ".sql"))
            .replaceAll("(?m)^--.*$", "");
    if (Cfg.QUERY.equals("q13")) {
      tables.executeSql(SIDE_INPUT);
      return WITH_SIDE_INPUT;
    }
    String[] statements = script.strip().split(";");
    for (int i = 0; i < statements.length - 1; i++) {
      tables.executeSql(
          Cfg.QUERY.equals("q10")
              ? String.format(FILES, Path.of(Cfg.WORK, "flink-nexmark").toAbsolutePath())
              : statements[i]);
    }
    return statements[statements.length - 1].strip();
  }

  /** An insertion into a table that sums the rows of a query. */
  private static String into(StreamTableEnvironment tables, String query) {
    Schema.Builder schema = Schema.newBuilder();
    for (Column column : tables.sqlQuery(query).getResolvedSchema().getColumns()) {
      DataType type =
          TypeConversions.fromLogicalToDataType(
              LogicalTypeUtils.removeTimeAttributes(column.getDataType().getLogicalType()));
      schema.column(column.getName(), type);
    }
    tables.createTemporaryTable(
        "res", TableDescriptor.forConnector("peerrows").schema(schema.build()).build());
    return "INSERT INTO res " + query;
  }
}
