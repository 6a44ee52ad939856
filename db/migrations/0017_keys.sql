CREATE TABLE "key_fingerprints" (
	"purpose" text NOT NULL,
	"key_id" integer NOT NULL,
	"fingerprint" text NOT NULL,
	"disused_at" timestamp (3) with time zone,
	CONSTRAINT "key_fingerprints_purpose_key_id_pk" PRIMARY KEY("purpose","key_id")
);
