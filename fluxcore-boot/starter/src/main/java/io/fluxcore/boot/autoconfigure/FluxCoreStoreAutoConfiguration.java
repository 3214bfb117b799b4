package io.fluxcore.boot.autoconfigure;

import io.fluxcore.adapters.out.store.JdbcStore;
import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.JobText;
import io.fluxcore.application.operation.OperationStore;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Jobs that outlive the application, in a database: where {@code fluxcore.store.directory}, {@code
 * .url} or {@code .use-data-source} is set. Otherwise jobs are kept in memory.
 */
@AutoConfiguration(
    before = FluxCoreAutoConfiguration.class,
    afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnBooleanProperty(name = "fluxcore.enabled", matchIfMissing = true)
@Conditional(FluxCoreStoreAutoConfiguration.Wanted.class)
@EnableConfigurationProperties(FluxCoreProperties.class)
public final class FluxCoreStoreAutoConfiguration {

  /** The libraries are there. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.flywaydb.core.Flyway")
  static class Present {
    private final FluxCoreProperties.Store properties;

    Present(FluxCoreProperties properties) {
      this.properties = properties.store();
    }

    @Bean
    @ConditionalOnMissingBean
    ServerName fluxCoreServerName() {
      return ServerName.of(properties.server());
    }

    @Bean
    @ConditionalOnMissingBean
    JdbcStore fluxCoreJdbcStore(ObjectProvider<DataSource> sources, ServerName server) {
      JdbcStore store = open(sources);
      server.earlierLives().ifPresent(store::forget);
      return store;
    }

    private JdbcStore open(ObjectProvider<DataSource> sources) {
      if (properties.useDataSource()) {
        DataSource source = sources.getIfUnique();
        if (source == null) {
          throw FluxCoreException.user(
              "FLX-BOOT-0005",
              Place.of("fluxcore.store.use-data-source"),
              "the application has no DataSource, or several and none is @Primary",
              "add one, or set fluxcore.store.url");
        }
        return JdbcStore.of(source);
      }
      String url = properties.url();
      return url == null
          ? JdbcStore.inDirectory(Objects.requireNonNull(properties.directory()))
          : JdbcStore.at(url, properties.username(), properties.password());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(JdbcStore.class)
    JobStore fluxCoreJobStore(JdbcStore store, JobText text) {
      return store.jobs(text, properties.lease());
    }

    @Bean
    CheckpointPlace fluxCoreCheckpointPlace(
        ObjectProvider<JdbcStore> store, JobStore jobs, CheckpointStore checkpoints) {
      return CheckpointPlace.claim(store.getIfAvailable(), jobs, checkpoints);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(JdbcStore.class)
    OperationStore fluxCoreOperationStore(JdbcStore store) {
      return store.operations();
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(JdbcStore.class)
    CheckpointRegistry fluxCoreCheckpointRegistry(JdbcStore store) {
      return store.checkpoints();
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(JdbcStore.class)
    @ConditionalOnProperty(
        name = "fluxcore.dead-letters.file",
        matchIfMissing = true,
        havingValue = "\0")
    DeadLetters fluxCoreDeadLetters(JdbcStore store, FluxCoreProperties all) {
      return store.deadLetters(all.deadLetters().kept());
    }
  }

  /** They are not: rather than to keep jobs in memory, the application is not started. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass("org.flywaydb.core.Flyway")
  static class Absent {
    @Bean
    JobStore fluxCoreJobStore() {
      throw FluxCoreException.user(
          "FLX-BOOT-0006",
          Place.of("fluxcore.store"),
          "jobs are to be kept in a database, and the libraries for that are not there",
          "add "
              + String.join(
                  ", ",
                  List.of(
                      "org.flywaydb:flyway-core",
                      "com.zaxxer:HikariCP",
                      "com.h2database:h2 or org.postgresql:postgresql with"
                          + " org.flywaydb:flyway-database-postgresql"))
              + " to the application");
    }
  }

  /** A place for jobs is set. */
  static final class Wanted extends AnyNestedCondition {
    Wanted() {
      super(ConfigurationPhase.PARSE_CONFIGURATION);
    }

    @ConditionalOnProperty("fluxcore.store.directory")
    static final class InDirectory {}

    @ConditionalOnProperty("fluxcore.store.url")
    static final class AtUrl {}

    @ConditionalOnBooleanProperty("fluxcore.store.use-data-source")
    static final class InDataSource {}
  }
}
