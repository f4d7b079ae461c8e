package io.zitipekko.fuzz;

import java.util.HexFormat;
import java.util.stream.Stream;

/** Frames as known peers write them: hellos, results, heartbeats, payloads, acknowledgements, and what no peer should write. */
public final class WireVectors {
    private static final String VERSION = "04000000 2d000000"
            + " 76322e312e307c6162633132337c323032362d30312d30322030333a30343a30357c6c696e75787c616d643634";
    private static final String SECRET = "0a000000 10000000 00112233445566778899aabbccddeeff";
    private static final String CIRCUIT = "d0080000 16000000 33784b71374c6d5430615a6257635964453566473968";

    private WireVectors() {}

    /** Whole frames, one each. */
    public static Stream<byte[]> frames() {
        return Stream.of(
                        // A router's hello, its result, the hello of a joining underlay, a refusal.
                        "0306090c 00000000 ffffffff 6b000000 07000000" + VERSION
                                + "07000000 0c000000 6374726c2e64656661756c74 09000000 01000000 01"
                                + "0b000000 01000000 01 ea030000 08000000 4000000000000076 726f7574657231",
                        "0306090c 02000000 ffffffff aa000000 00000000 00000000 04000000 586b3961"
                                + "01000000 04000000 ffffffff 02000000 01000000 01" + VERSION
                                + "07000000 0c000000 6374726c2e64656661756c74 08000000 05000000 6374726c31"
                                + "09000000 01000000 01" + SECRET + "0c000000 01000000 7e ea030000 01000000 7e",
                        "0306090c 00000000 ffffffff 83000000 07000000 00000000 04000000 586b3961" + VERSION
                                + "07000000 09000000 6374726c2e68696768 09000000 01000000 01" + SECRET
                                + "ea030000 08000000 4000000000000076 726f7574657231",
                        "0306090c 02000000 ffffffff 21000000 0b000000 01000000 04000000 ffffffff"
                                + "02000000 01000000 00 0d000000 04000000 01000000 6174206361706163697479",
                        // An SDK's hello and its result.
                        "0306090c 00000000 01000000 0b000000 03000000 ea030000 03000000 746f6b 696431",
                        "0306090c 02000000 ffffffff 2c000000 00000000 00000000 04000000 586b3961"
                                + "01000000 04000000 01000000 02000000 01000000 01 08000000 03000000 657231",
                        // Heartbeats, a latency probe and its answer, the answer to a ping, the smallest frame.
                        "0306090c 05000000 07000000 10000000 00000000 05000000 08000000 0032961cf2ca8618",
                        "0306090c 05000000 0d000000 20000000 00000000 05000000 08000000 0032961cf2ca8618"
                                + "06000000 08000000 0068fbe0f1ca8618",
                        "0306090c 03000000 09000000 10000000 00000000 80000000 08000000 0032961cf2ca8618",
                        "0306090c 02000000 0f000000 25000000 00000000 01000000 04000000 09000000"
                                + "02000000 01000000 01 80000000 08000000 0032961cf2ca8618",
                        "0306090c 02000000 03000000 15000000 02000000 01000000 04000000 02000000"
                                + "02000000 01000000 01 6f6b",
                        "0306090c 05000000 00000000 00000000 00000000",
                        // A payload, its acknowledgement, a circuit's start, a list of acknowledgements.
                        "0306090c 4c040000 07000000 50000000 05000000 e0070000 04000000 01000000" + CIRCUIT
                                + "d1080000 08000000 0500000000000000 d2080000 04000000 02000000"
                                + "d4080000 02000000 7b68 68656c6c6f",
                        "0306090c 4d040000 08000000 34000000 04000000" + CIRCUIT
                                + "d3080000 04000000 05000000 d4080000 02000000 7b68 00000005",
                        "0306090c 4c040000 03000000 50000000 00000000 d1070000 04000000 00000100" + CIRCUIT
                                + "d1080000 08000000 0000000000000000 d2080000 04000000 04000000"
                                + "d4080000 02000000 7b68",
                        "0306090c 4d040000 09000000 40000000 0c000000" + CIRCUIT
                                + "d2080000 04000000 02000000 d3080000 04000000 45230100 d4080000 02000000 7b68"
                                + "00000001ffffffff00066d03",
                        // An unknown version's reply; lengths of 2^32-1; another protocol; a header that runs past the
                        // end.
                        "0306090a 02000000 01000000 02000000",
                        "0306090c 00000000 00000000 ffffffff 02000000",
                        "474554202f20485454502f312e310d0a0d0a",
                        "0306090c 00000000 00000000 09000000 00000000 01000000 ffffffff 00")
                .map(WireVectors::bytes);
    }

    /** Values of headers that hold several things. */
    public static Stream<byte[]> collections() {
        return Stream.of(
                        "03000000 01000000 61 00000000 02000000 6263",
                        "01000000 01000000 6b 01000000 76",
                        "01000000 01000000 61 00000000",
                        "02000000 07000000 02000000 6869 08000000 00000000",
                        "81000000",
                        "ffffffff",
                        "01000000 ff000000 00")
                .map(WireVectors::bytes);
    }

    /** Bytes of a hexadecimal text; spaces do not count. */
    public static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
