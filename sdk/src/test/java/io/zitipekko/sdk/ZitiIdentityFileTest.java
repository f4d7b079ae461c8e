package io.zitipekko.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

class ZitiIdentityFileTest {
    @Test
    void theFormsOfAllSdksAreRead() {
        String go =
                """
                {"ztAPI":"https://c:1280/edge/client/v1","ztAPIs":null,"configTypes":null,"enableHa":false,
                 "id":{"cert":"pem:C","key":"pem:K","ca":"pem:A"},"somethingNew":{"a":1}}""";
        String java =
                """
                {"ztAPI":"https://c:1280/edge/client/v1","ztAPIs":["https://d:1280/edge/client/v1"],
                 "id":{"key":"-----BEGIN K","cert":"-----BEGIN C","ca":"-----BEGIN A"}}""";
        String c =
                """
                {"ztAPI":"https://c:1280","id":{"cert":"file:///c","key":"file:///k"},"configTypes":["all"]}""";

        assertThat(ZitiIdentityFile.parse(go).controllers())
                .containsExactly(URI.create("https://c:1280/edge/client/v1"));
        assertThat(ZitiIdentityFile.parse(java).controllers())
                .containsExactly(
                        URI.create("https://d:1280/edge/client/v1"), URI.create("https://c:1280/edge/client/v1"));
        assertThat(ZitiIdentityFile.parse(c).configTypes()).containsExactly("all");
        assertThat(ZitiIdentityFile.clientApi(
                        ZitiIdentityFile.parse(c).controllers().get(0)))
                .hasToString("https://c:1280/edge/client/v1");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        ZitiIdentityFile file = ZitiIdentityFile.parse(
                "{\"ztAPIs\":[\"https://c:1/edge/client/v1\"],\"id\":{\"cert\":\"pem:C\",\"key\":\"pem:K\",\"ca\":\"pem:A\"}}");

        assertThat(ZitiIdentityFile.parse(file.toJson())).isEqualTo(file);
    }

    @Test
    void nothingSaysTheKey() {
        ZitiIdentityFile file = ZitiIdentityFile.parse(
                "{\"ztAPI\":\"https://c:1\",\"id\":{\"cert\":\"pem:C\",\"key\":\"pem:TOPSECRET\"}}");

        assertThat(file.toString()).doesNotContain("TOPSECRET");
        assertThatThrownBy(() -> ZitiIdentityFile.parse("{\"id\":{\"key\":\"TOPSECRET\""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("TOPSECRET")
                .hasNoCause();
    }

    @Test
    void aFileThatIsNestedTooDeepIsRefused() {
        assertThatThrownBy(() -> ZitiIdentityFile.parse("[".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not JSON");
    }

    @Test
    void aFileWithoutControllerOrWithHalfAKeyPairIsRefused() {
        assertThatThrownBy(() -> ZitiIdentityFile.parse("{}")).hasMessageContaining("ztAPI");
        assertThatThrownBy(() -> ZitiIdentityFile.parse("{\"ztAPI\":\"https://c\",\"id\":{\"cert\":\"x\"}}"))
                .hasMessageContaining("both or none");
        assertThatThrownBy(() -> ZitiIdentityFile.parse("{\"ztAPI\":\"http://c\"}"))
                .hasMessageContaining("https://");
    }
}
