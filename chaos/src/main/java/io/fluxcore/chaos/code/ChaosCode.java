package io.fluxcore.chaos.code;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.ScalarFunction;
import io.fluxcore.domain.process.KeyedProcessFunction;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** What the job calls by name. */
@AutoConfiguration
public class ChaosCode {
  /** System property: rows that the server reads in a second, 0 for as many as it can. */
  public static final String RATE = "chaos.rate";

  @Bean
  KeyedProcessFunction activityWatch() {
    return new ActivityWatch();
  }

  /** {@code paced(id)} is true, in its own time. */
  @Bean
  ScalarFunction paced() {
    Pace pace = new Pace(Long.getLong(RATE, 0));
    return ScalarFunction.of(
        "paced",
        DataType.BOOLEAN,
        List.of(DataType.LONG),
        arguments -> {
          pace.take();
          return true;
        });
  }
}
