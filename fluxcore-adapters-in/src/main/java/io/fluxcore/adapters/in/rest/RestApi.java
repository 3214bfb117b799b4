package io.fluxcore.adapters.in.rest;

import io.fluxcore.adapters.in.jobfile.JobFileReader;
import io.fluxcore.application.DeadLetterDesk;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.RuleDesk;
import io.fluxcore.application.SavepointDesk;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.publish.PublishStreams;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;

/**
 * The door of the REST API: a Spring application that imports this class serves {@code /api/v1}. It
 * needs beans of {@link FluxCoreService}, {@link SavepointDesk}, {@link DeadLetterDesk}, {@link
 * RuleDesk}, {@link ConnectorRegistry}, {@link PublishStreams} and {@link RestSettings}, and a
 * servlet container with WebSocket. Other paths of the application are left alone. Nobody is asked
 * who he is: whoever reaches the port may use the API.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
public class RestApi implements WebMvcConfigurer {
  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new ParameterCheck());
  }

  @Bean
  ApiFilter fluxCoreApiFilter(RestSettings settings) {
    return new ApiFilter(settings);
  }

  @Bean
  ProblemResolver fluxCoreProblemResolver() {
    return new ProblemResolver();
  }

  @Bean
  Turns fluxCoreWaits(RestSettings settings) {
    return new Turns(settings.maxWaits(), "requests that wait for jobs");
  }

  @Bean
  JobController fluxCoreJobController(
      FluxCoreService service,
      SavepointDesk savepoints,
      ConnectorRegistry connectors,
      Turns fluxCoreWaits) {
    return new JobController(
        service, savepoints, new JobFileReader(connectors), fluxCoreWaits, InstantSource.system());
  }

  @Bean
  ConnectorController fluxCoreConnectorController(
      FluxCoreService service, ConnectorRegistry connectors, Turns fluxCoreWaits) {
    return new ConnectorController(
        service, connectors, new JobFileReader(connectors), fluxCoreWaits);
  }

  @Bean
  SavepointController fluxCoreSavepointController(
      SavepointDesk savepoints, FluxCoreService service, ConnectorRegistry connectors) {
    return new SavepointController(
        savepoints, service, new JobFileReader(connectors), InstantSource.system());
  }

  @Bean
  OperationController fluxCoreOperationController(FluxCoreService service, Turns fluxCoreWaits) {
    return new OperationController(service, fluxCoreWaits);
  }

  @Bean
  TimeTravelController fluxCoreTimeTravelController(FluxCoreService service) {
    return new TimeTravelController(service, InstantSource.system());
  }

  @Bean
  DeadLetterController fluxCoreDeadLetterController(DeadLetterDesk desk, FluxCoreService service) {
    return new DeadLetterController(desk, service);
  }

  @Bean
  RuleController fluxCoreRuleController(RuleDesk desk, FluxCoreService service) {
    return new RuleController(desk, service);
  }

  @Bean
  Readings fluxCoreReadings(FluxCoreService service, RestSettings settings) {
    return new Readings(service, settings);
  }

  @Bean
  StreamController fluxCoreStreamController(
      PublishStreams streams,
      Readings readings,
      FluxCoreService service,
      RestSettings settings,
      Turns fluxCoreWaits) {
    return new StreamController(
        streams, readings, new ViewQueries(service, fluxCoreWaits, settings), settings);
  }

  @Bean(destroyMethod = "close")
  Queries fluxCoreQueries(RestSettings settings) {
    return new Queries(settings, InstantSource.system());
  }

  @Bean
  QueryController fluxCoreQueryController(FluxCoreService service, Queries queries) {
    return new QueryController(service, queries);
  }

  @Bean
  SqlController fluxCoreSqlController(
      FluxCoreService service, Queries queries, Turns fluxCoreWaits) {
    return new SqlController(service, queries, fluxCoreWaits);
  }

  @Bean
  ViewController fluxCoreViewController(FluxCoreService service) {
    return new ViewController(service);
  }

  @Bean
  ServerController fluxCoreServerController(RestSettings settings, ConnectorRegistry connectors) {
    return new ServerController(settings, connectors);
  }

  @Bean(destroyMethod = "close")
  ResultSocket fluxCoreResultSocket(Readings readings, RestSettings settings) {
    return new ResultSocket(readings, settings);
  }

  @Bean
  WebSocketConfigurer fluxCoreSockets(ResultSocket socket, RestSettings settings) {
    return registry ->
        registry
            .addHandler(socket, ResultSocket.PATH)
            .setAllowedOrigins(settings.allowedOrigins().toArray(String[]::new));
  }
}
