package peers.flink;

import io.fluxcore.benchmarks.peer.PatternEvents;
import io.fluxcore.benchmarks.peer.PatternEvents.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.cep.CEP;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import peers.core.Cfg;
import peers.core.Meter;

/** The pattern queries on Flink CEP: P is one pattern, PR one for each rule. */
public final class FlinkCepMain {
  static final class Items implements FlinkGenSource.Maker<Item> {
    @Override
    public Item make(long index) {
      return PatternEvents.item(index);
    }

    @Override
    public long ts(Item item) {
      return item.ts;
    }
  }

  /** In place of a category. */
  private static final int ALL = -1;

  private FlinkCepMain() {}

  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment env = FlinkEnv.make();
    env.getConfig().disableObjectReuse(); // CEP keeps events
    KeyedStream<Item, Long> items =
        env.fromSource(
                new FlinkGenSource<>(new Items()),
                WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(Cfg.BOUND)),
                "gen",
                TypeInformation.of(Item.class))
            .keyBy(item -> item.key, Types.LONG);
    int rules = Cfg.QUERY.equals("PR") ? PatternEvents.RULES : 0;
    DataStream<long[]> matches = matches(items, rules == 0 ? ALL : 0);
    if (rules > 1) {
      List<DataStream<long[]>> others = new ArrayList<>();
      for (int r = 1; r < rules; r++) {
        others.add(matches(items, r));
      }
      matches = union(matches, others);
    }
    matches.sinkTo(SumSink.ofLongs());
    Meter.begin();
    env.execute(Cfg.QUERY);
    Meter.end("flink-cep", "cep");
    System.exit(0);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // union takes an array of a generic type
  private static DataStream<long[]> union(
      DataStream<long[]> first, List<DataStream<long[]>> others) {
    return first.union(others.toArray(new DataStream[0]));
  }

  private static DataStream<long[]> matches(KeyedStream<Item, Long> items, int category) {
    Pattern<Item, ?> pattern =
        Pattern.<Item>begin("a", AfterMatchSkipStrategy.noSkip())
            .where(SimpleCondition.of(item -> isOf(item, category) && item.kind.equals("a")))
            .followedBy("b")
            .where(
                new IterativeCondition<Item>() {
                  @Override
                  public boolean filter(Item item, Context<Item> context) throws Exception {
                    if (!isOf(item, category) || !item.kind.equals("b")) {
                      return false;
                    }
                    return item.price > context.getEventsForPattern("a").iterator().next().price;
                  }
                })
            .followedBy("c")
            .where(SimpleCondition.of(item -> isOf(item, category) && item.kind.equals("c")))
            .within(Duration.ofSeconds(30));
    return CEP.pattern(items, pattern)
        .inEventTime()
        .process(
            new PatternProcessFunction<Item, long[]>() {
              @Override
              public void processMatch(
                  Map<String, List<Item>> match, Context context, Collector<long[]> out) {
                Item first = match.get("a").get(0);
                out.collect(new long[] {first.key, first.id, match.get("c").get(0).id});
              }
            },
            PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);
  }

  private static boolean isOf(Item item, int category) {
    return category == ALL || item.category == category;
  }
}
