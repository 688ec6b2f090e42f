import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * An agency's own program offers a vacancy, or changes one; needs kafka-clients only.
 *
 * <pre>MUTASI_KAFKA=sasl://agency.palu:PASSWORD@HOST:PORT java -cp … Publish palu mutasi.vacancy.offered.v1 vacancy.json</pre>
 *
 * Prints the id of the event, by which mutasi.agency.palu.refused names it should it be refused. The same id again is the
 * same event: a program that does not know whether the first one arrived sends it again (fourth argument).
 */
public final class Publish {
    private Publish() {}

    public static void main(String[] args) throws Exception {
        String agency = args[0];
        String type = args[1];
        byte[] data = Files.readAllBytes(Path.of(args[2]));
        String id = args.length > 3 ? args[3] : UUID.randomUUID().toString();
        var record = new ProducerRecord<String, byte[]>("mutasi.agency." + agency, id, data);
        describe(record.headers(), id, "https://simpeg." + agency + ".example", type);
        try (var producer = new KafkaProducer<>(settings(URI.create(System.getenv("MUTASI_KAFKA"))),
                new StringSerializer(), new ByteArraySerializer())) {
            producer.send(record).get(); // fails where the broker refuses us
        }
        System.out.println(id);
    }

    /** CloudEvents 1.0, binary mode: what the event is stands in the headers, the data in the record. */
    private static void describe(Headers headers, String id, String source, String type) {
        String[][] told = {
            {"ce_specversion", "1.0"}, {"ce_id", id}, {"ce_source", source}, {"ce_type", type},
            {"content-type", "application/json"},
        };
        for (String[] one : told) {
            headers.add(one[0], one[1].getBytes(StandardCharsets.UTF_8));
        }
    }

    /** SASL/SCRAM as the agency, and nothing lost or doubled by the client itself. */
    private static Properties settings(URI address) {
        String[] who = address.getRawUserInfo().split(":", 2);
        var settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, address.getHost() + ":" + address.getPort());
        settings.put("security.protocol", "SASL_PLAINTEXT");
        settings.put("sasl.mechanism", "SCRAM-SHA-512");
        settings.put("sasl.jaas.config", "org.apache.kafka.common.security.scram.ScramLoginModule required"
                + " username=\"" + who[0] + "\" password=\"" + who[1] + "\";");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        return settings;
    }
}
