package io.fluxcore.adapters.out.s3;

import io.fluxcore.application.checkpoint.kit.S3Server;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.kit.TwoPhaseSinkContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Uploads and their commits. */
@Timeout(300)
final class S3TwoPhaseSinkIT extends TwoPhaseSinkContract {
  private static S3Server server;

  private final SinkObjects objects = new SinkObjects(server.endpoint());

  @BeforeAll
  static void start() {
    server = S3Server.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Override
  protected TwoPhaseSink sink() {
    S3SinkConnector connector = new S3SinkConnector();
    Map<String, Object> options = objects.options();
    options.put("partitionBy", "dt={yyyy-MM-dd}");
    return (TwoPhaseSink)
        connector.create(OptionParser.parse(connector.descriptor(), options).orThrow(), PAIRS);
  }

  @Override
  protected List<Long> visibleIds() {
    return objects.ids(PAIRS);
  }

  @Override
  protected int waiting() {
    return objects.uploads().size();
  }

  /** More than one piece. */
  @Override
  protected int manyRows() {
    return 250_000;
  }
}
