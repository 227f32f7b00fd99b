package io.netchannel.tcpip.dhcp;

/** Option codes (RFC 2132; 3397: 119, 3442: 121) and message types (RFC 2132, 9.6). */
final class DhcpOption {

    static final int PAD = 0;
    static final int SUBNET_MASK = 1;
    static final int ROUTER = 3;
    static final int DOMAIN_NAME_SERVER = 6;
    static final int HOST_NAME = 12;
    static final int DOMAIN_NAME = 15;
    static final int INTERFACE_MTU = 26;
    static final int BROADCAST_ADDRESS = 28;
    static final int REQUESTED_ADDRESS = 50;
    static final int LEASE_TIME = 51;
    static final int OVERLOAD = 52;
    static final int MESSAGE_TYPE = 53;
    static final int SERVER_ID = 54;
    static final int PARAMETER_LIST = 55;
    static final int MESSAGE = 56;
    static final int MAX_MESSAGE_SIZE = 57;
    static final int RENEWAL_TIME = 58;
    static final int REBINDING_TIME = 59;
    static final int CLIENT_ID = 61;
    static final int DOMAIN_SEARCH = 119;
    static final int CLASSLESS_ROUTES = 121;
    static final int END = 255;

    static final int DISCOVER = 1;
    static final int OFFER = 2;
    static final int REQUEST = 3;
    static final int DECLINE = 4;
    static final int ACK = 5;
    static final int NAK = 6;
    static final int RELEASE = 7;

    private DhcpOption() {
    }
}
