package io.fluxcore.boot.autoconfigure;

import io.fluxcore.adapters.in.springcloudstream.SpringCloudStreamSourceConnector;
import io.fluxcore.adapters.out.springcloudstream.SpringCloudStreamSinkConnector;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.stream.binder.BinderFactory;
import org.springframework.cloud.stream.binding.BindingService;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** Bindings of Spring Cloud Stream as sources and sinks, where the application has it. */
@AutoConfiguration(before = FluxCoreAutoConfiguration.class)
@ConditionalOnClass(StreamBridge.class)
class FluxCoreSpringCloudStreamAutoConfiguration {
  /** Looks for the parts of Spring Cloud Stream when a job needs them: they are made late. */
  @Bean
  StreamBindings fluxCoreStreamBindings(
      ObjectProvider<BindingService> service,
      ObjectProvider<BinderFactory> binders,
      ObjectProvider<StreamBridge> bridge,
      ApplicationContext context) {
    return new StreamBindings(service, binders, bridge, context);
  }

  @Bean
  @ConditionalOnMissingBean
  SpringCloudStreamSourceConnector fluxCoreSpringCloudStreamSource(StreamBindings bindings) {
    return new SpringCloudStreamSourceConnector(bindings);
  }

  @Bean
  @ConditionalOnMissingBean
  SpringCloudStreamSinkConnector fluxCoreSpringCloudStreamSink(StreamBindings bindings) {
    return new SpringCloudStreamSinkConnector(bindings);
  }
}
