package io.fluxcore.boot.autoconfigure;

import io.fluxcore.application.connector.MessageBindings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.support.AmqpHeaders;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.stream.binder.Binder;
import org.springframework.cloud.stream.binder.BinderFactory;
import org.springframework.cloud.stream.binder.Binding;
import org.springframework.cloud.stream.binder.ExtendedPropertiesBinder;
import org.springframework.cloud.stream.binding.BindingService;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.cloud.stream.messaging.DirectWithAttributesChannel;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeType;

/** The bindings of an application with Spring Cloud Stream, by whatever binders it has. */
final class StreamBindings implements MessageBindings {
  /** Of the Kafka binder: whether sending waits for the broker. */
  private static final String SYNC = "sync";

  /** Of the Rabbit binder: whether a header of messages tells of their confirmation. */
  private static final String CONFIRM_HEADER = "useConfirmHeader";

  private static final String RABBIT_CONFIRMS = "spring.rabbitmq.publisher-confirm-type";

  private final ObjectProvider<BindingService> service;
  private final ObjectProvider<BinderFactory> binders;
  private final ObjectProvider<StreamBridge> bridge;
  private final ApplicationContext context;

  /** By name of a binding that was written, whether a header of messages tells of confirmation. */
  private final Map<String, Boolean> confirmHeaders = new ConcurrentHashMap<>();

  StreamBindings(
      ObjectProvider<BindingService> service,
      ObjectProvider<BinderFactory> binders,
      ObjectProvider<StreamBridge> bridge,
      ApplicationContext context) {
    this.service = service;
    this.binders = binders;
    this.bridge = bridge;
    this.context = context;
  }

  @Override
  public @Nullable String problem(String name) {
    return find(name).problem();
  }

  /** The binder of a binding, or why there is none. */
  private record Found(@Nullable Binder<?, ?, ?> binder, @Nullable String problem) {}

  private Found find(String name) {
    BindingService bindings = service.getIfAvailable();
    BinderFactory factory = binders.getIfAvailable();
    if (bindings == null || factory == null) {
      return new Found(null, "the application has no binder");
    }
    try {
      String binder = bindings.getBindingServiceProperties().getBinder(name);
      return new Found(factory.getBinder(binder, DirectWithAttributesChannel.class), null);
    } catch (RuntimeException e) {
      return new Found(null, String.valueOf(e.getMessage()));
    }
  }

  /** Without a group the binder makes one that goes with the binding. */
  @Override
  public boolean isLasting(String name) {
    BindingService bindings = service.getIfAvailable();
    return bindings != null && bindings.getBindingServiceProperties().getGroup(name) != null;
  }

  @Override
  public Bound bind(String name, Receiver receiver) {
    SubscribableChannel channel =
        (SubscribableChannel)
            context
                .getAutowireCapableBeanFactory()
                .initializeBean(new DirectWithAttributesChannel(), "fluxcore." + name);
    channel.subscribe(
        message -> {
          try {
            receiver.receive(received(message));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessageHandlingException(message, "the source has ended", e);
          }
        });
    Collection<Binding<SubscribableChannel>> bound =
        service.getObject().bindConsumer(channel, name);
    return () -> bound.forEach(Binding::unbind);
  }

  /** One message, or those of a batch. */
  private static List<Received> received(Message<?> message) {
    if (!(message.getPayload() instanceof List<?> payloads)) {
      return List.of(new Received(bytes(message.getPayload()), message.getHeaders()));
    }
    List<Received> all = new ArrayList<>(payloads.size());
    for (int i = 0; i < payloads.size(); i++) {
      all.add(
          new Received(
              bytes(payloads.get(i)), headersOf(message.getHeaders(), i, payloads.size())));
    }
    return all;
  }

  /** Headers of a batch are lists with the value of each message, or lists of maps of them. */
  private static Map<String, ?> headersOf(MessageHeaders headers, int message, int messages) {
    Map<String, Object> own = new HashMap<>();
    headers.forEach(
        (name, value) -> {
          if (!(value instanceof List<?> values) || values.size() != messages) {
            own.put(name, value);
          } else if (values.get(message) instanceof Map<?, ?> several) {
            several.forEach((key, one) -> own.put(String.valueOf(key), one));
          } else if (values.get(message) != null) {
            own.put(name, values.get(message));
          }
        });
    return own;
  }

  private static byte[] bytes(@Nullable Object payload) {
    if (payload instanceof byte[] bytes) {
      return bytes;
    }
    // An empty message, or a binder that has made a text of it.
    return payload instanceof CharSequence text
        ? text.toString().getBytes(StandardCharsets.UTF_8)
        : new byte[0];
  }

  @Override
  public boolean isConfirmed(String name) {
    return isOn(name, SYNC) || hasConfirmHeader(name);
  }

  private boolean hasConfirmHeader(String name) {
    return isOn(name, CONFIRM_HEADER)
        && "correlated".equalsIgnoreCase(context.getEnvironment().getProperty(RABBIT_CONFIRMS));
  }

  /** Whether a property of a binding's producer is there and true. */
  private boolean isOn(String name, String property) {
    if (!(find(name).binder() instanceof ExtendedPropertiesBinder<?, ?, ?> own)) {
      return false;
    }
    BeanWrapper properties =
        PropertyAccessorFactory.forBeanPropertyAccess(own.getExtendedProducerProperties(name));
    return properties.isReadableProperty(property)
        && Boolean.TRUE.equals(properties.getPropertyValue(property));
  }

  @Override
  public CompletionStage<?> send(String name, byte[] bytes, Map<String, String> headers) {
    MessageBuilder<byte[]> message = MessageBuilder.withPayload(bytes).copyHeaders(headers);
    CompletionStage<?> confirmed =
        confirmHeaders.computeIfAbsent(name, this::hasConfirmHeader)
            ? Confirmation.of(message)
            : CompletableFuture.completedStage(null);
    MimeType type =
        MimeType.valueOf(headers.getOrDefault(MessageHeaders.CONTENT_TYPE, "application/json"));
    if (!bridge.getObject().send(name, message.build(), type)) {
      throw new IllegalStateException("the binding '" + name + "' has not taken the message");
    }
    return confirmed;
  }

  /** In a class of its own, for applications without the library of RabbitMQ. */
  private static final class Confirmation {
    private Confirmation() {}

    static CompletionStage<?> of(MessageBuilder<byte[]> message) {
      CorrelationData correlation = new CorrelationData();
      message.setHeader(AmqpHeaders.PUBLISH_CONFIRM_CORRELATION, correlation);
      return correlation
          .getFuture()
          .thenAccept(
              confirm -> {
                if (!confirm.ack() || correlation.getReturned() != null) {
                  throw new IllegalStateException(
                      "the server has not taken it: "
                          + (confirm.ack() ? correlation.getReturned() : confirm.reason()));
                }
              });
    }
  }
}
