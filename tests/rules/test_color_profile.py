from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import ImageCms

from corrupt_samples.encode import jpeg, png, profile
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_names_the_profile(fired: Fired) -> None:
    wide = profile("A wide space", wide=True)
    files = {"a.jpg": jpeg(photo("a"), icc_profile=wide), "b.png": png(photo("b"), icc_profile=wide)}
    expected = ("info", "ICC profile: A wide space")
    assert fired("color-profile", files) == {"a.jpg": expected, "b.png": expected}


def test_srgb_under_any_name_and_no_profile_are_fine(fired: Fired) -> None:
    files = {
        "none.jpg": jpeg(photo("a")),
        "named.jpg": jpeg(photo("b"), icc_profile=profile("sRGB IEC61966-2.1")),
        "of_the_colorants.jpg": jpeg(photo("c"), icc_profile=profile("Display P7")),
        "of_lcms.png": png(photo("d"), icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
    }
    assert fired("color-profile", files) == {}
