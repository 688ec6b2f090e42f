import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates files against PDF/A-2a and PDF/UA-1: one line each (file, flavour, compliant, checks), then what failed. */
public class Validate {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            for (String flavour : new String[] {"2a", "ua1"}) {
                validate(file, PDFAFlavour.fromString(flavour));
            }
        }
    }

    private static void validate(String file, PDFAFlavour flavour) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), flavour)) {
            ValidationResult found = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
            System.out.printf("%s %s %s %d%n", file, flavour, found.isCompliant(), found.getTotalAssertions());
            for (TestAssertion one : found.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    System.out.println("  " + one.getRuleId() + " " + one.getMessage());
                }
            }
        }
    }
}
