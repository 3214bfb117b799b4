package peers.flink;

import io.fluxcore.benchmarks.peer.ManyKeys;
import io.fluxcore.benchmarks.peer.StateFiles;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import peers.core.Cfg;
import peers.core.Event;
import peers.core.Meter;

/** Query W over {@link ManyKeys} with Flink's state in RocksDB; the rest as the peer's main does. */
public final class FlinkRocksDbMain {
  static final class Bids implements FlinkGenSource.Maker<Event> {
    @Override
    public Event make(long index) {
      return ManyKeys.bid(index);
    }

    @Override
    public long ts(Event event) {
      return event.ts;
    }
  }

  private FlinkRocksDbMain() {}

  public static void main(String[] args) throws Exception {
    Configuration settings = new Configuration();
    settings.setString("pipeline.object-reuse", "true");
    settings.setString("state.backend.type", "rocksdb");
    settings.setString("state.backend.rocksdb.localdir", Cfg.WORK + "/flink-rocksdb");
    settings.setString("taskmanager.numberOfTaskSlots", Integer.toString(Cfg.P));
    settings.setString("taskmanager.memory.network.min", "64mb");
    settings.setString("taskmanager.memory.network.max", "64mb");
    settings.setString("taskmanager.memory.managed.size", System.getProperty("managed", "256mb"));
    settings.setString("rest.bind-address", "127.0.0.1");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(Cfg.P, settings);
    env.setRuntimeMode(RuntimeExecutionMode.STREAMING);
    env.setParallelism(Cfg.P);
    env.fromSource(
            new FlinkGenSource<>(new Bids()),
            WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(Cfg.BOUND)),
            "gen",
            TypeInformation.of(Event.class))
        .flatMap(new FlinkMain.AuctionPrice())
        .returns(Kinds.KVSer.I.type())
        .keyBy(bid -> bid.k, Types.LONG)
        .window(TumblingEventTimeWindows.of(Duration.ofMillis(Cfg.TUMBLE)))
        .aggregate(
            new FlinkMain.Stats(),
            new FlinkMain.StatsRow(),
            Kinds.AccSer.I.type(),
            PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO)
        .sinkTo(SumSink.ofLongs());
    Meter.begin();
    StateFiles files = StateFiles.in(Path.of(Cfg.WORK, "flink-rocksdb"));
    env.execute(Cfg.QUERY);
    Meter.end("flink-rocksdb", files.end());
    System.exit(0);
  }
}
